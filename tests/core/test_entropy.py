"""Are names drawn ahead as good as names drawn one by one?"""

import multiprocessing
from multiprocessing.connection import Connection

from app.core.entropy import PAGE_BYTES, NameEntropy


def test_nothing_is_given_twice() -> None:
    names = NameEntropy()
    drawn = [names.draw(26) for _ in range(3 * PAGE_BYTES // 26)]
    assert len(set(drawn)) == len(drawn)
    assert {len(each) for each in drawn} == {26}


def test_more_than_a_page_is_given_at_once() -> None:
    assert len(set(NameEntropy().draw(2 * PAGE_BYTES))) > 1
    assert len(NameEntropy().draw(2 * PAGE_BYTES)) == 2 * PAGE_BYTES


def _tell(names: NameEntropy, whom: Connection) -> None:
    whom.send_bytes(names.draw(26))


def test_a_forked_process_gives_other_names() -> None:
    names = NameEntropy()
    names.draw(26)
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_tell, args=(names, there))
    child.start()
    theirs = here.recv_bytes()
    child.join()
    assert theirs != names.draw(26)
