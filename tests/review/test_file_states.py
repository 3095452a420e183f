"""The states of a country's file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import services
from review.models import CountryFile, FileStateChange
from review.models.files import FileState
from review.services.file_states import BY_PEOPLE, FOLLOWS, FileStateError, move_file, next_states

WAY = [
    FileState.IN_RESEARCH, FileState.DRAFT, FileState.IN_REVIEW, FileState.READY_TO_SEND, FileState.SENT,
    FileState.RETURNED, FileState.REISSUED, FileState.APPROVED, FileState.FINAL,
]  # fmt: skip


def test_all_eleven_states_are_known_and_reachable():
    assert len(FileState) == 11
    reached, edge = {FileState.NOT_STARTED}, [FileState.NOT_STARTED]
    while edge:
        for state in FOLLOWS[edge.pop()] - reached:
            reached.add(state)
            edge.append(state)
    assert reached == set(FileState)


@given(st.lists(st.sampled_from(list(FileState)), max_size=12))
def test_silence_never_becomes_an_approval(steps):
    state, silent = FileState.NOT_STARTED, False
    for step in steps:
        if step in FOLLOWS[state]:
            state = step
            silent = silent or state == FileState.ACCEPTED_BY_SILENCE
            assert not (silent and state == FileState.APPROVED)


@pytest.mark.django_db
class TestMoving:
    def test_the_whole_way_is_on_record(self, desk):
        for state in WAY:
            move_file("FJI", state, by="test", why="next")
        changes = FileStateChange.objects.filter(country="FJI").order_by("pk")
        assert [change.new for change in changes] == WAY
        assert [change.old for change in changes] == [FileState.NOT_STARTED, *WAY[:-1]]

    @pytest.mark.parametrize("state", [s for s in FileState if s not in FOLLOWS[FileState.NOT_STARTED]])
    def test_an_unknown_step_changes_nothing(self, desk, state):
        with pytest.raises(FileStateError, match="after that comes In research"):
            move_file("FJI", state, by="test")
        assert services.file_state("FJI") == "not_started"
        assert not FileStateChange.objects.exists()

    def test_silence_accepts_only_where_the_setting_allows(self, desk):
        CountryFile.objects.create(country="FJI", state=FileState.SENT)
        assert FileState.ACCEPTED_BY_SILENCE not in next_states(FileState.SENT, False)
        with pytest.raises(FileStateError, match="GCIDESK_SILENCE_ACCEPTS"):
            move_file("FJI", FileState.ACCEPTED_BY_SILENCE, by="test")
        move_file("FJI", FileState.ACCEPTED_BY_SILENCE, by="test", silence_accepts=True)
        assert services.file_state("FJI") == "accepted_by_silence"

    @pytest.mark.parametrize("state", [s for s in FileState if FileState.IN_RESEARCH not in FOLLOWS[s]])
    def test_research_never_pulls_a_file_back(self, desk, state):
        CountryFile.objects.create(country="FJI", state=state)
        assert services.start_research("FJI") == state

    def test_failed_research_goes_back_to_where_it_was(self, desk):
        services.start_research("FJI")
        assert services.stop_research("FJI", "the disk was full") == "not_started"

    def test_people_cannot_choose_ready(self):
        assert FileState.READY_TO_SEND not in BY_PEOPLE
        assert next_states(FileState.READY_TO_SEND, False) == (FileState.SENT,)
