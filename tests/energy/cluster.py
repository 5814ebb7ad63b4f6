"""How does a test get a real Spark cluster: a master, two workers, each a process on loopback?"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


def lacking() -> str:
    """Return why there can be no cluster here; empty when there can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    return "" if shutil.which("java") else "there is no Java"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[dict[str, str]]:
    """Yield the options of the engine for a cluster that lives as long as the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port = free_port()
    env = dict(os.environ, SPARK_LOCAL_IP="127.0.0.1", SPARK_HOME=str(home), TZ="UTC",
               PYSPARK_PYTHON=sys.executable, SPARK_NO_DAEMONIZE="1",
               SPARK_WORKER_DIR=str(folder / "work"), SPARK_LOCAL_DIRS=str(folder / "local"),
               SPARK_DAEMON_MEMORY="256m")  # fmt: skip
    own = {key: env[key] for key in ("SPARK_LOCAL_IP", "SPARK_HOME", "PYSPARK_PYTHON")}
    before = {key: os.environ.get(key) for key in own}
    running: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> None:
        log = (folder / f"{len(running)}.log").open("wb")
        command = ["/bin/bash", str(home / "bin" / "spark-class"), *words]
        running.append(subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=folder))

    os.environ.update(own)
    try:
        address = f"spark://127.0.0.1:{port}"
        start(MASTER, "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        wait_for(port)
        for _ in range(workers):
            start(WORKER, "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                  "--webui-port", "0", address)  # fmt: skip
        wait_until(lambda: (folder / "0.log").read_text().count("Registering worker") >= workers)
        yield {
            "master": address, "spark.driver.host": "127.0.0.1", "spark.executor.memory": "768m",
            "spark.driver.bindAddress": "127.0.0.1", "spark.cores.max": str(workers),
            "spark.executor.cores": "1", "spark.sql.shuffle.partitions": "2",
            "spark.driver.memory": "768m",
        }  # fmt: skip
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})


def wait_for(port: int, seconds: float = 60) -> None:
    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, seconds)


def wait_until(is_so, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("the cluster did not come up")
        time.sleep(0.2)
