"""What the database itself refuses: changing what was appended, and removing from the audit trail."""

from collections.abc import Mapping

from mtaa.cases.tables import APPENDED, AuditRow

_AUDIT = AuditRow.__tablename__


def of(dialect: str, tables: Mapping[str, str] = APPENDED) -> list[str]:
    """Statements that make the triggers of `tables`, each with its key."""
    return _sqlite(tables) if dialect == "sqlite" else _postgresql(tables)


def _sqlite(tables: Mapping[str, str]) -> list[str]:
    rows = [_trigger(table, event, "") for event, table in _forbidden(tables)]
    # REPLACE removes the old row without a word to the trigger on DELETE.
    replaced = [
        _trigger(table, "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) ")
        for table, key in tables.items()
    ]
    return [*rows, *replaced]


def _trigger(table: str, event: str, when: str) -> str:
    raised = f"SELECT RAISE(ABORT, '{table} is append-only')"
    return f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {when}BEGIN {raised}; END"


def _postgresql(tables: Mapping[str, str]) -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION case_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    rows = [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION case_append_only()"
        for event, table in _forbidden(tables)
    ]
    if _AUDIT not in tables:
        return [function, *rows]
    # Here a whole table can be emptied at once.
    whole = (
        f"CREATE TRIGGER {_AUDIT}_no_truncate BEFORE TRUNCATE ON {_AUDIT} "
        "FOR EACH STATEMENT EXECUTE FUNCTION case_append_only()"
    )
    return [function, *rows, whole]


def _forbidden(tables: Mapping[str, str]) -> list[tuple[str, str]]:
    # The rest of what was appended goes with its case, or its note; the trail says so.
    return [("UPDATE", table) for table in tables] + [("DELETE", table) for table in tables if table == _AUDIT]
