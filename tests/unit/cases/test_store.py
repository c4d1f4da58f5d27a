"""Cases are kept as they were given: appended, found again, and gone when they are deleted."""

from pathlib import Path

import pytest

from mtaa.cases.records import Query
from mtaa.cases.store import Store
from mtaa.core.errors import InputError, IntegrityError
from mtaa.core.files import sha256_bytes
from tests.unit.cases.conftest import finding, png, ticking


def test_a_case_holds_what_was_put_in(store: Store) -> None:
    number = store.open_case("  Street\tsign ", [finding(1), finding(2)], actor="ana")
    sha256 = sha256_bytes(png(1))
    store.note(number, "Seen on the north side.\nTwice.", actor="bo")
    store.note(number, "Grainy.", sha256)
    store.assess(number, sha256, "inconclusive", "Too grainy.")
    store.assess(number, sha256, "adversarial")
    store.set_tags(number, ["traffic", "urgent", "traffic"])
    store.set_tags(number, ["traffic", "night"])
    store.set_status(number, "to be checked")
    case = store.case(number)
    assert (case.title, case.status, case.opened_by, case.tags) == (
        "Street sign",
        "to be checked",
        "ana",
        ["night", "traffic"],
    )
    assert [image.name for image in case.images] == ["1.png", "2.png"]
    assert [kept.verdict for kept in case.images[0].verdicts] == [finding(1)[1]]
    assert [(said.conclusion, said.words) for said in case.images[0].assessments] == [
        ("inconclusive", "Too grainy."),
        ("adversarial", ""),
    ]
    assert [(note.text, note.sha256, note.by) for note in case.notes] == [
        ("Seen on the north side.\nTwice.", None, "bo"),
        ("Grainy.", sha256, "local"),
    ]
    assert store.image(sha256) == png(1)
    assert case.changed_at > case.opened_at
    assert store.verify().faults == []


def test_another_checkpoint_appends_and_the_same_verdict_is_kept_once(store: Store) -> None:
    number = store.open_case("a", [finding(1)])
    assert store.add(number, [finding(1)]) == 0
    assert store.add(number, [finding(1, attack="pgd", weights="6f" * 32)]) == 1
    (image,) = store.case(number).images
    assert [kept.verdict.inferred.attack.label for kept in image.verdicts] == ["fgsm", "pgd"]
    assert [kept.verdict.checkpoint.weights_sha256[:2] for kept in image.verdicts] == ["5e", "6f"]


def test_bytes_lie_under_their_hash_never_under_a_users_name(store: Store, tmp_path: Path) -> None:
    number = store.open_case("a", [finding(1, "../../evil\x00\n.png")])
    (path,) = (path for path in (tmp_path / "cases" / "images").rglob("*") if path.is_file())
    assert path.name == sha256_bytes(png(1)) == sha256_bytes(path.read_bytes())
    assert store.case(number).images[0].name == "../../evil .png"
    with pytest.raises(IntegrityError, match="64 hex digits"):
        store.image("../cases.db")


def test_bytes_that_were_not_judged_are_refused_and_nothing_is_kept(store: Store, tmp_path: Path) -> None:
    number = store.open_case("a")
    with pytest.raises(InputError, match=r"those that were judged, got others for 2\.png"):
        store.add(number, [finding(1), (png(3), finding(2)[1])])
    assert store.case(number).images == []
    assert len(store.trail(number)) == 1
    assert store.sweep() == 1
    assert store.verify().leftovers == 0


def test_removing_an_image_takes_its_bytes_unless_another_case_holds_it(store: Store) -> None:
    first = store.open_case("a", [finding(1), finding(2)])
    second = store.open_case("b", [finding(1)])
    shared, own = sha256_bytes(png(1)), sha256_bytes(png(2))
    store.note(first, "of this image", own)
    store.assess(first, own, "clean")
    assert store.remove_image(first, shared).bytes_erased == 0
    assert store.remove_image(first, own).bytes_erased == 1
    assert store.case(first).images == store.case(first).notes == []
    assert store.image(shared) == png(1)
    with pytest.raises(IntegrityError, match="missing"):
        store.image(own)
    with pytest.raises(InputError, match=f"image must be in case {second}"):
        store.remove_image(second, own)
    assert store.verify().faults == []


def test_a_deleted_case_leaves_its_trail_alone_and_its_number_is_never_used_again(store: Store, tmp_path: Path) -> None:
    number = store.open_case("a", [finding(1)])
    store.note(number, "secret")
    store.set_tags(number, ["x"])
    erased = store.delete_case(number, actor="bo")
    assert (erased.images, erased.bytes_erased) == (1, 1)
    assert not [path for path in (tmp_path / "cases" / "images").rglob("*") if path.is_file()]
    last = store.trail(number)[-1]
    assert (last.action, last.actor, last.details) == ("case deleted", "bo", {"images": [sha256_bytes(png(1))]})
    assert "secret" not in str(store.trail(number))
    for act in (lambda: store.case(number), lambda: store.note(number, "x"), lambda: store.delete_case(number)):
        with pytest.raises(InputError, match=f"case must exist, got number {number}"):
            act()
    assert store.open_case("b") == number + 1
    assert store.verify().faults == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda store: store.open_case(" \n"), "title of a case must have 1 to 200 characters, got 0; write something"),
        (lambda store: store.open_case("x" * 201), "got 201; shorten it"),
        (lambda store: store.set_tags(1, ["x" * 61]), "tag must have 1 to 60"),
        (lambda store: store.note(1, ""), "note must have 1 to 20,000"),
        (lambda store: store.note(1, "x", "ab" * 32), "image must be in case 1"),
        (lambda store: store.set_status(1, "done"), "status must be one of open, to be checked, closed, got 'done'"),
        (lambda store: store.assess(1, "ab" * 32, "maybe"), "must be one of adversarial, clean, inconclusive"),
        (lambda store: store.holding("ab"), "8 to 64 hex digits"),
        (lambda store: store.holding("zzzzzzzzzz"), "8 to 64 hex digits"),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(store: Store, act: object, said: str) -> None:
    number = store.open_case("a")
    with pytest.raises(InputError, match=said):
        act(store)  # type: ignore[operator]
    assert len(store.trail(number)) == 1


def test_each_way_of_finding_a_case(store: Store) -> None:
    store.open_case("Ärger am Tor", [finding(1, "IMG_100%.png", "fgsm", "vgg16")])
    second = store.open_case("Parking", [finding(2, "b.png", "pgd", "resnet18")])
    store.note(second, "The plate was unreadable")
    store.set_tags(second, ["night"])
    store.set_status(second, "closed")
    store.assess(second, sha256_bytes(png(2)), "clean", "a smudge")

    def found(**query: str) -> list[str]:
        return [case.title for case in store.list_cases(Query(**query)).cases]  # type: ignore[arg-type]

    assert found() == ["Parking", "Ärger am Tor"]
    for words in ("ärger", "ÄRGER TOR", "img_100%", sha256_bytes(png(1))[:9]):
        assert found(text=words) == ["Ärger am Tor"], words
    for words in ("PLATE unread", "nigh", "smudge", "b.png"):
        assert found(text=words) == ["Parking"], words
    for words in ("100_", "plate tor", "nothing", "%%"):
        assert found(text=words) == [], words
    for query in ({"tag": "night"}, {"status": "closed"}, {"attack": "pgd"}, {"victim": "resnet18"}):
        assert found(**query) == ["Parking"], query
    assert found(status="open", victim="resnet18") == []
    choices = store.choices()
    assert (choices.tags, choices.attacks, choices.victims) == (["night"], ["fgsm", "pgd"], ["resnet18", "vgg16"])
    assert store.titles() == {1: "Ärger am Tor"}
    assert store.holding(sha256_bytes(png(2))[:10].upper()) == [(second, sha256_bytes(png(2)))]


def test_lists_come_a_page_at_a_time_latest_change_first(store: Store) -> None:
    for place in range(5):
        store.open_case(f"case {place}", [finding(seed) for seed in range(place)])
    store.set_status(2, "closed")
    first, last = store.list_cases(page=1, size=2), store.list_cases(page=3, size=2)
    assert first.total == last.total == 5
    assert [case.number for case in first.cases] == [2, 5]
    assert [case.number for case in last.cases] == [1]
    assert store.list_cases(page=4, size=2).cases == []
    many = store.list_cases(size=10).cases[1]
    assert (many.images, len(many.previews)) == (4, 4)
    assert many.conclusions == {"adversarial": 4}
    assert many.previews[1].sentence == finding(1)[1].inferred.sentence
    assert (many.previews[0].channels, many.previews[0].side) == (1, 28)


def test_the_store_is_found_again_where_it_was(tmp_path: Path) -> None:
    first = Store(tmp_path, clock=ticking())
    number = first.open_case("a", [finding(1)])
    first.close()
    again = Store(tmp_path)
    assert again.case(number).title == "a"
    assert again.verify().faults == []
    again.close()
