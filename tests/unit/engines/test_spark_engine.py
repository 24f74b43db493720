"""Spark: what its adapter alone does; no session is opened here."""

import logging
import os
import sys
import time

import pyarrow as pa
import pytest

from cellwarden.engines.port import EngineError
from cellwarden.engines.spark_engine import _CONNECT_MODE, SparkEngine, open_spark
from cellwarden.foundation.errors import MissingPartError


class Session:
    """Fails as Spark does, with a plan that quotes the rows."""

    def sql(self, _query):
        raise RuntimeError("[CAST_INVALID_INPUT] The value '450080000000001' is malformed.\n== SQL ==\nSELECT 'secret'")


def test_an_error_of_spark_becomes_one_line_without_literals(tmp_path):
    engine = SparkEngine(tmp_path, Session(), name="spark", close=lambda: None)
    with pytest.raises(EngineError) as caught:
        engine.fetch("SELECT 1 AS n")
    assert str(caught.value) == "Spark: [CAST_INVALID_INPUT] The value '…' is malformed.."


@pytest.mark.parametrize(("url", "extra", "module"), [("sail", "sail", "pysail.spark"), ("local[2]", "spark", "pyspark.sql")])
def test_a_missing_extra_says_what_to_install(tmp_path, monkeypatch, url, extra, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPartError) as caught:
        open_spark(tmp_path, url)
    assert f"cellwarden[{extra}]" in caught.value.fix


def test_closing_ends_what_was_opened(tmp_path):
    ended = []
    SparkEngine(tmp_path, Session(), name="spark", close=lambda: ended.append(True)).close()
    assert ended == [True]


class Opened(Exception):  # noqa: N818 (stands for the moment at which the session would open)
    """Raised in place of a session."""


def test_a_classic_session_forgets_connect_and_never_logs_queries(tmp_path, monkeypatch):
    sql = pytest.importorskip("pyspark.sql")

    class Builder:
        def appName(self, _name):  # noqa: N802 (Spark's own spelling)
            return self

        def master(self, _url):
            raise Opened

    for variable in _CONNECT_MODE:
        monkeypatch.setenv(variable, "1")
    monkeypatch.setattr(logging.getLogger("SQLQueryContextLogger"), "disabled", False)
    monkeypatch.setattr(sql.SparkSession, "builder", Builder())
    with pytest.raises(Opened):
        open_spark(tmp_path, "local[2]")

    assert not set(_CONNECT_MODE) & set(os.environ)
    assert logging.getLogger("SQLQueryContextLogger").disabled


def test_closing_one_engine_leaves_the_others_alive(tmp_path):
    pytest.importorskip("pysail")
    first, second = open_spark(tmp_path / "first", "sail"), open_spark(tmp_path / "second", "sail")
    first.put("t", pa.table({"x": [1]}))
    second.put("t", pa.table({"x": [2]}))
    second.close()
    first.step("u", "SELECT t.x AS x FROM t")
    assert first.fetch("SELECT u.x AS x FROM u").to_pylist() == [{"x": 1}]
    first.close()


def test_sail_lets_a_session_be_silent_for_as_long_as_it_is_told(tmp_path, monkeypatch):
    """By itself for five minutes, which a long step of Python passes; the name of the setting is Sail's."""
    pytest.importorskip("pysail")
    monkeypatch.setenv("SAIL_SPARK__SESSION_TIMEOUT_SECS", "1")
    engine = open_spark(tmp_path / "short", "sail")
    time.sleep(4)
    with pytest.raises(EngineError, match="is not running"):
        engine.fetch("SELECT 1 AS n")
    engine.close()
    monkeypatch.delenv("SAIL_SPARK__SESSION_TIMEOUT_SECS")
    engine = open_spark(tmp_path / "long", "sail")
    assert int(os.environ["SAIL_SPARK__SESSION_TIMEOUT_SECS"]) >= 86_400
    assert engine.fetch("SELECT 1 AS n").to_pylist() == [{"n": 1}]
    engine.close()
