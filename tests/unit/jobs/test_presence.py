import pytest

from mtaa.core import paths
from mtaa.core.errors import InputError
from mtaa.jobs import database, presence


def test_two_workers_never_share_a_name() -> None:
    database.prepare()
    with (
        presence.claim("one"),
        pytest.raises(InputError, match="must be free, got one in use; give another: --name NAME"),
    ):
        presence.claim("one")
    presence.claim("one").release()


@pytest.mark.parametrize("name", ["", "../up", "a b", "-x"])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(InputError, match="worker name must be"):
        presence.claim(name)


def test_a_worker_lives_while_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    assert presence.workers() == []
    paths.jobs().mkdir(parents=True)
    (paths.jobs() / "jobs.sqlite").touch()  # a database in the making
    assert presence.workers() == []
    database.prepare()
    presence.beat("one", "cpu")
    presence.beat("one", "cpu")
    presence.beat("two", "GPU 1")
    assert [(worker.name, worker.device, worker.alive) for worker in presence.workers()] == [
        ("one", "cpu", True),
        ("two", "GPU 1", True),
    ]
    monkeypatch.setattr(presence, "DEAD_SECONDS", -1.0)
    assert presence.alive() == set()
    presence.leave("two")
    assert [worker.name for worker in presence.workers()] == ["one"]
