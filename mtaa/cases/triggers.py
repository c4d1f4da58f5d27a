"""What the database itself refuses: changing what was appended, and removing from the audit trail."""

from mtaa.cases.tables import APPENDED, AuditRow

_AUDIT = AuditRow.__tablename__


def sqlite() -> list[str]:
    """Statements that make the triggers on SQLite."""
    rows = [_trigger(table, event, "") for event, table in _forbidden()]
    # REPLACE removes the old row without a word to the trigger on DELETE.
    replaced = [
        _trigger(table, "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) ")
        for table, key in APPENDED.items()
    ]
    return [*rows, *replaced]


def _trigger(table: str, event: str, when: str) -> str:
    raised = f"SELECT RAISE(ABORT, '{table} is append-only')"
    return f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {when}BEGIN {raised}; END"


def postgresql() -> list[str]:
    """Statements that make the triggers on PostgreSQL, where a whole table can be emptied at once too."""
    function = (
        "CREATE OR REPLACE FUNCTION case_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    rows = [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION case_append_only()"
        for event, table in _forbidden()
    ]
    whole = (
        f"CREATE TRIGGER {_AUDIT}_no_truncate BEFORE TRUNCATE ON {_AUDIT} "
        "FOR EACH STATEMENT EXECUTE FUNCTION case_append_only()"
    )
    return [function, *rows, whole]


def _forbidden() -> list[tuple[str, str]]:
    # The rest of what was appended goes with its case; the trail says so.
    return [("UPDATE", table) for table in APPENDED] + [("DELETE", str(_AUDIT))]
