"""How the executable is built, so that a mistake in the C parts, or in a library, ends a worker instead of running what it was sent."""

from __future__ import annotations

import subprocess

import pytest

from pool import BINARY


def output(*command: str) -> str:
    return subprocess.run([*command, BINARY], check=True, capture_output=True, text=True).stdout


def disassembly(function: str) -> str:
    text = output("objdump", "--disassemble=" + function, "--no-show-raw-insn")
    assert f"<{function}>:" in text, f"{function} is not in the executable"
    return text


@pytest.mark.parametrize("tool,options,expected", [
    ("readelf", "-hW", "Position-Independent Executable file"),
    ("readelf", "-lW", "GNU_RELRO"),
    ("readelf", "-dW", "BIND_NOW"),
])
def test_the_executable_is_relocated_and_then_read_only(tool, options, expected):
    assert expected in output(tool, options)


def test_no_stack_is_executable():
    [stack] = [line for line in output("readelf", "-lW").splitlines() if "GNU_STACK" in line]
    assert " RW " in stack and "E" not in stack.split()[-2]


def test_c_functions_guard_their_stack_and_where_they_are_called():
    text = disassembly("cpng_write_head")
    assert "__stack_chk_fail" in text, "built without -fstack-protector-strong: see HARDENING in the Makefile"
    assert "endbr64" in text, "built without -fcf-protection"


def test_c_functions_use_those_of_glibc_that_check_what_they_are_given():
    checked = {line.split()[7].partition("@")[0] for line in output("readelf", "--dyn-syms", "-W").splitlines() if "_chk@" in line}
    assert "__longjmp_chk" in checked, "built without -D_FORTIFY_SOURCE: see `fortified` in Package.swift"
