from __future__ import annotations

import threading

from edge.runtime.mailbox import Mailbox


def test_the_newest_item_wins_and_the_lost_ones_are_counted() -> None:
    box: Mailbox[int] = Mailbox()
    assert all(box.put(item) for item in (1, 2, 3))
    assert box.take(0) == 3
    assert box.dropped == 2
    assert box.take(0) is None


def test_lossless_waits_until_the_slot_is_free() -> None:
    box: Mailbox[int] = Mailbox(lossless=True)

    def give() -> None:
        for item in range(100):
            box.put(item)
        box.close()

    giver = threading.Thread(target=give)
    giver.start()
    taken = []
    while not box.finished:
        item = box.take(5)
        if item is not None:
            taken.append(item)
    giver.join()
    assert taken == list(range(100))
    assert box.dropped == 0


def test_lossless_holds_no_more_than_one_item_back() -> None:
    box: Mailbox[int] = Mailbox(lossless=True)
    accepted: list[int] = []  # in the giver's view

    def give() -> None:
        accepted.extend(item for item in range(3) if box.put(item))

    giver = threading.Thread(target=give)
    giver.start()
    giver.join(0.2)
    assert giver.is_alive()
    box.close()
    giver.join(5)
    assert accepted == [0]


def test_what_was_left_before_closing_can_still_be_taken() -> None:
    box: Mailbox[str] = Mailbox()
    box.put("last")
    box.close()
    seen = [box.finished, box.take(0), box.finished, box.take()]
    assert seen == [False, "last", True, None]


def test_closing_wakes_both_sides() -> None:
    box: Mailbox[int] = Mailbox(lossless=True)
    box.put(1)
    results: list[object] = []
    giver = threading.Thread(target=lambda: results.append(box.put(2)))
    giver.start()
    box.close()
    giver.join(5)
    assert results == [False]
    empty: Mailbox[int] = Mailbox()
    taker = threading.Thread(target=lambda: results.append(empty.take()))
    taker.start()
    empty.close()
    taker.join(5)
    assert results == [False, None]


def test_nothing_is_accepted_after_closing() -> None:
    box: Mailbox[int] = Mailbox()
    box.close()
    assert not box.put(1)
    assert box.finished
