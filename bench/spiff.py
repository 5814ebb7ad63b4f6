"""What does the same case cost in SpiffWorkflow 3.x, saved and reloaded at each step?

The peer is treated as its documentation says and as a web server must: between two human steps the
case lives in the database alone. Sixteen user tasks run side by side between a split and a join,
then one decision. Every step locks the row, reloads the workflow, completes one task, writes the
workflow back and commits: 18 commits, as many as `bench.tasks.one_case` makes.

Two ways of saving are measured: `whole` stores what `serialize_json` gives, as its documentation
does; `lean` keeps the definition in memory and stores the state alone, which favours the
peer. Both stand in the table.
"""

from __future__ import annotations

import time
from typing import Any

WIDTH = 16
ANSWER = {"outcome": "positive", "number": "12", "by": "user:77"}
DATA = {"name": "کارخانهٔ نمونه", "amount": 12}
_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def model(width: int = WIDTH) -> str:
    """Return the process as BPMN: start, split, `width` user tasks, join, decision, end."""
    flows, nodes = [("start", "split")], []
    for n in range(width):
        nodes.append(f'<bpmn:userTask id="ask{n}" name="Inquiry {n}">'
                     f"<bpmn:incoming>split-ask{n}</bpmn:incoming>"
                     f"<bpmn:outgoing>ask{n}-join</bpmn:outgoing></bpmn:userTask>")  # fmt: skip
        flows += [("split", f"ask{n}"), (f"ask{n}", "join")]
    flows += [("join", "decide"), ("decide", "end")]
    lines = "".join(
        f'<bpmn:sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows
    )
    return (
        f'<bpmn:definitions xmlns:bpmn="{_NAMESPACE}" id="d" targetNamespace="urn:payvand:bench">'
        '<bpmn:process id="case" isExecutable="true"><bpmn:startEvent id="start"/>'
        '<bpmn:parallelGateway id="split"/>' + "".join(nodes) + '<bpmn:parallelGateway id="join"/>'
        '<bpmn:userTask id="decide" name="Decision"/><bpmn:endEvent id="end"/>'
        f"{lines}</bpmn:process></bpmn:definitions>"
    )


def specification() -> Any:
    """Return the parsed process."""
    from SpiffWorkflow.bpmn.parser import BpmnParser

    parser = BpmnParser()
    parser.add_bpmn_str(model().encode())
    return parser.get_spec("case")


def serializer(spec: Any, *, lean: bool) -> Any:
    """Return SpiffWorkflow's serializer; a lean one writes only the name of the definition."""
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
    from SpiffWorkflow.bpmn.serializer.helpers import BpmnConverter

    class Known(BpmnConverter):  # type: ignore[misc]
        """The definition stays in memory, as in a server that caches it."""

        def to_dict(self, process: Any) -> dict[str, Any]:
            return {"name": process.name}

        def from_dict(self, dct: dict[str, Any]) -> Any:
            return spec

    config = dict(DEFAULT_CONFIG)
    if lean:
        config[type(spec)] = Known
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(config))


def one_case(link: Any, spec: Any, keeper: Any) -> int:
    """Run one case to its end through the database; returns the number of commits."""
    from SpiffWorkflow.bpmn import BpmnWorkflow

    workflow = BpmnWorkflow(spec)
    workflow.data.update(DATA)
    workflow.do_engine_steps()
    with link.transaction():
        key = link.execute(
            "INSERT INTO spiff_case (state) VALUES (%s) RETURNING id",
            [keeper.serialize_json(workflow)],
        ).fetchone()[0]
    for step in range(WIDTH + 1):
        with link.transaction():
            state = link.execute(
                "SELECT state FROM spiff_case WHERE id = %s FOR UPDATE", [key]
            ).fetchone()[0]
            workflow = keeper.deserialize_json(state)
            name = f"ask{step}" if step < WIDTH else "decide"
            task = workflow.get_next_task(spec_name=name)
            task.data.update({name: ANSWER})
            task.run()
            workflow.do_engine_steps()
            link.execute("UPDATE spiff_case SET state = %s WHERE id = %s",
                         [keeper.serialize_json(workflow), key])  # fmt: skip
    if not workflow.is_completed():
        raise RuntimeError("the peer's case did not end")
    return WIDTH + 2


def measure(cases: int) -> dict[str, Any]:
    """Return the client CPU per case in ms, both ways; the database is the one of the settings."""
    from django.db import connection

    connection.ensure_connection()
    link = connection.connection
    link.execute("CREATE TABLE spiff_case (id bigserial PRIMARY KEY, state text NOT NULL)")
    link.commit()
    link.autocommit = True
    spec = specification()
    found: dict[str, Any] = {}
    for name in ("whole", "lean"):
        keeper = serializer(spec, lean=name == "lean")
        one_case(link, spec, keeper)  # warms up
        cpu = time.process_time()
        for _ in range(cases):
            found["commits"] = one_case(link, spec, keeper)
        found[f"{name}_cpu_ms"] = 1000 * (time.process_time() - cpu) / cases
    return found
