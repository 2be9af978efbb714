#!/usr/bin/env python3
"""Whole builds of one corpus by wirebook and by other generators, side by side.

usage: run.py CORPUS RUNS [PEER...]

CORPUS is a folder with the same pages for each peer: `mdbook`, `hugo-search`, `zola` and so on (`PEERS` below names the
folder, the program and how it is called). Programs are looked for on PATH; WIREBOOK names wirebook's. What is missing is
said and left out. The peers take turns, RUNS times, each into a folder that is new: a file system is slow where many files
have just been deleted. Wall time is from start to end of the process; CPU time is user and system; the peak is the
memory of the process in MiB. Ratios are to wirebook's median in the same run, and are all that should be quoted.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# Of each peer the folder in the corpus, and the command, in which `OUT` stands for where to write.
PEERS = {
    "wirebook": ("mdbook", [os.environ.get("WIREBOOK", "wirebook"), "build", "--quiet", "--report", "json=OUT.json", "-d", "OUT"]),
    "mdbook": ("mdbook", ["mdbook", "build", "-d", "OUT"]),
    "mdbook-nosearch": ("mdbook-nosearch", ["mdbook", "build", "-d", "OUT"]),
    "hugo-search": ("hugo-search", ["hugo", "--quiet", "-d", "OUT"]),
    "hugo": ("hugo", ["hugo", "--quiet", "-d", "OUT"]),
    "hugo-bare": ("hugo-bare", ["hugo", "--quiet", "-d", "OUT"]),
    "zola": ("zola", ["zola", "build", "-o", "OUT"]),
    "zola-bare": ("zola-bare", ["zola", "build", "-o", "OUT"]),
}
# wirebook ends with 1 where it finds mistakes in examples, and writes the site all the same.
GOOD = {"wirebook": {0, 1}}


def missing(corpus, name):
    """Why a peer cannot run; empty where it can."""
    folder, command = PEERS[name]
    if not shutil.which(command[0]):
        return f"there is no program `{command[0]}`"
    if not os.path.isdir(os.path.join(corpus, folder)):
        return f"there is no folder `{folder}` in the corpus"
    return ""


def run(corpus, name, out):
    """Wall seconds, CPU seconds and peak MiB of one build into `out`, and how many files it has."""
    folder, command = PEERS[name]
    command = [part.replace("OUT", out) for part in command]
    start = time.monotonic()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=os.path.join(corpus, folder), **quiet)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in GOOD.get(name, {0}):
        sys.exit(f"error: {name} ended with {process.returncode}: {' '.join(command)}")
    files = sum(len(names) for _, _, names in os.walk(out))
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, files


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    corpus, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    names = sys.argv[3:] or list(PEERS)
    unknown = [name for name in names if name not in PEERS]
    if unknown:
        sys.exit(f"error: there is no peer {', '.join(unknown)}; there are {', '.join(PEERS)}")
    absent = {name: missing(corpus, name) for name in names}
    for name in names:
        if absent[name]:
            print(f"left out: {name}: {absent[name]}", file=sys.stderr)
    names = [name for name in names if not absent[name]]
    found = {name: [] for name in names}
    with tempfile.TemporaryDirectory(prefix="peers-", dir=corpus) as place:
        for number in range(runs):
            for name in names:
                found[name].append(run(corpus, name, os.path.join(place, f"{name}.{number}")))
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in found.items()}
    own = medians.get("wirebook")
    print("| peer | wall s | CPU s | peak MiB | files | wall, to wirebook |")
    print("|---|---|---|---|---|---|")
    for name, (wall, cpu, peak, files) in medians.items():
        ratio = f"{wall / own[0]:.2f}" if own else ""
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {files:.0f} | {ratio} |")


main()
