"""Programming languages in which candidates can answer."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources.changes import missing
from assaykit.emulator.engine.vendor import Behaviours, Call

behaviours = Behaviours()
NAMES: Final = {
    "1": "C++ (5.1.1)",
    "2": "Pascal (gpc) (gpc 20070904)",
    "3": "Perl (perl 5.20.1)",
    "4": "Python (2.7.13)",
    "5": "Fortran (5.1.1)",
    "6": "Whitespace (wspace 0.3)",
    "7": "Ada (gnat 5.1.1)",
    "8": "Ocaml (4.01.0)",
    "9": "Intercal (c-intercal 28.0-r1)",
    "10": "Java (jdk 8u51)",
    "11": "C (gcc 5.1.1)",
    "12": "Brainf**k (1.0.6)",
    "13": "Assembler (NASM 2.11.05)",
    "14": "CLIPS (clips 6.24)",
    "15": "Prolog (swi) (swi 7.2)",
    "16": "Icon (icon 9.4.3)",
    "17": "Ruby (ruby 2.1.5)",
    "18": "Scheme (stalin 0.3)",
    "19": "Pike (pike v7.8)",
    "20": "D (gdc-5 5.1.1)",
    "21": "Haskell (ghc 7.8)",
    "22": "Pascal (fpc) (fpc 2.6.4+dfsg-6)",
    "23": "Smalltalk (gst 3.2.4)",
    "25": "Nice (0.9.13)",
    "26": "Lua (lua 7.2)",
    "27": "C# (Mono 4.0.2)",
    "28": "Bash (bash 4.3.33)",
    "29": "PHP (PHP 5.6.11-1)",
    "30": "Nemerle (ncc 1.2.0)",
    "31": "Common Lisp (sbcl 1.3.13)",
    "32": "Common Lisp (clisp) (clisk 2.49)",
    "33": "Scheme (guile) (guile 2.0.11)",
    "34": "C99 strict (gcc-5 5.1.1)",
    "35": "JavaScript (rhino) (rhino 1.7.7)",
    "36": "Erlang (erl 18)",
    "38": "Tcl (tclsh 8.6)",
    "39": "Scala (2.11.7)",
    "40": "SQL (sqlite3-3.8.7)",
    "41": "C++ 4.3.2 (gcc-4.3.2)",
    "42": "Assembler 64bit (nasm 2.12.01)",
    "43": "Objective-C (gcc-5 5.1.1)",
    "44": "C++14 (gcc-5 5.1.1)",
    "45": "Assembler (gcc 4.9.3)",
    "46": "Sed (sed 4.2.2)",
    "47": "Kotlin (kotlin 1.0.6)",
    "50": "VB.NET (mono 4.0.2)",
    "54": "Perl 6 (perl6 2014.07)",
    "55": "Java7 (sun-jdk-1.7.0_10)",
    "56": "Node.js (node 7.4.0)",
    "85": "Swift (swift 3.0.2)",
    "93": "Rust (1.14.0)",
    "97": "Scheme (chicken 4.11.0)",
    "98": "Gosu (gosu 1.6.1)",
    "99": "Python (Pypy) (PyPy 2.6.0)",
    "102": "D (dmd 2.072.2)",
    "104": "AWK (gawk) (fawk 4.1.1)",
    "105": "AWK (mawk 1.3.3)",
    "106": "COBOL 85 (tinycobol-0.65.9)",
    "107": "Forth (gforth 0.7.2)",
    "108": "Prolog (gnu prolog 1.4.5)",
    "110": "bc (bc 1.06.95)",
    "111": "Clojure (clojure 1.7.0)",
    "112": "JavaScript (spidermonkey) (24.2.0)",
    "114": "Go (1.4)",
    "116": "Python 3 (3.5.3)",
    "117": "R (3.2.2)",
    "118": "COBOL (1.1.0)",
    "121": "Groovy (2.4)",
    "124": "F# (1.3)",
    "127": "Octave (4.0.0)",
}
"""The name of each language by its id, which is a number written as text."""


@behaviours.operation("code_languages_list")
def list_all(_: Call) -> Success:
    """Show the names of all languages."""
    return Success(NAMES)


@behaviours.operation("code_languages_get")
def get(call: Call) -> Success:
    """Show one language."""
    number = str(call.path["id"])
    if number not in NAMES:
        raise missing(number)
    return Success({"id": number, "name": NAMES[number]})
