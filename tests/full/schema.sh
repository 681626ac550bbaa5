#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/suite.schema.json and `ctreplay test` mean the same language: every suite of the tree, and suites with every key that
# docs/suites.md knows, are valid for both; what the program refuses the schema refuses too. Prints TAP; skips aloud without
# python3 and its jsonschema.

set -u
LC_ALL=C; export LC_ALL
ctreplay=${CTREPLAY:-$PWD/ctreplay}
[ -x "$ctreplay" ] || { echo "Bail out! there is no program at $ctreplay"; exit 99; }
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
python3 -c 'import jsonschema' 2>/dev/null || { echo "1..0 # SKIP python3 with jsonschema is not here"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/ctreplay.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
cd "$work" || exit 99

cat >judge.py <<'PYTHON'
import glob, json, os, re, subprocess, sys
import jsonschema

program, source = sys.argv[1:]
schema = json.load(open(source + "/docs/suite.schema.json"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
results = []

def tell(is_ok, words, why=""):
    results.append(is_ok)
    print(f"{'ok' if is_ok else 'not ok'} {len(results)} - {words}")
    for line in str(why).splitlines() if not is_ok else []:
        print("# " + line)

def without_comments(text):
    return re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda match: match.group(1) or "", text)

def complaint(suite):
    error = jsonschema.exceptions.best_match(validator.iter_errors(suite))
    return None if error is None else f"{error.json_path}: {error.message}"

# Refused: status 2; or, where an option of `run` is wrong, the case cannot be run and says so.
def refusal(suite):
    with open("tried.json", "w") as file:
        json.dump(suite, file)
    answer = subprocess.run([program, "test", "tried.json"], capture_output=True, text=True)
    wrong = re.search(r"error: --[^\n]*", answer.stdout)
    return answer.stderr if answer.returncode == 2 else wrong and wrong.group()

def both_accept(words, suite):
    tell(complaint(suite) is None and refusal(suite) is None, f"both accept {words}", f"{complaint(suite)}\n{refusal(suite)}")

def both_refuse(words, suite):
    tell(complaint(suite) is not None and refusal(suite) is not None, f"both refuse {words}",
         f"schema: {complaint(suite)}\nprogram: {refusal(suite)}")

def with_case(**keys):
    return {"rules": "x.rules", "capture": "x.pcap", "cases": [{"name": "a", **keys}]}

def expecting(*expectations):
    return with_case(expect=list(expectations))

n_suites = 0
for path in sorted(glob.glob(source + "/**/*.json", recursive=True)):
    relative = os.path.relpath(path, source)
    if relative.startswith("build") or relative == "docs/suite.schema.json":
        continue
    text = open(path).read()
    try:
        suite = json.loads(without_comments(text))
    except ValueError:
        continue    # a wrong one of tests/errors
    if isinstance(suite, dict) and "cases" in suite:
        n_suites += 1
        tell(complaint(suite) is None, f"{relative} is valid", complaint(suite))
tell(n_suites >= 10, f"there are suites: {n_suites}")

# Every key of the tables of docs/suites.md is one of the schema.
known = set(re.findall(r'"([^"]+)":', json.dumps(schema)))
documented = []
for row in re.findall(r"^\| (`[^|]*) \|", open(source + "/docs/suites.md").read(), re.M):
    documented += re.findall(r"`([^`]+)`", row)
tell(len(documented) > 20, f"docs/suites.md has keys: {len(documented)}")
for key in documented:
    tell(key in known, f"the schema knows {key}")

both_accept("a suite that names its schema", {"$schema": "suite.schema.json", "about": "words", **with_case(expect=[{"packets": 1}])})
both_accept("lists and words", with_case(rules=["a", "b"], local="10.0.0.1", route=["default@eth0"], ipset=["x"], expect="a.json"))
both_accept("settings", with_case(sysctl={"net.netfilter.nf_conntrack_udp_timeout": 10}, kernel="6.18", track="auto", hz=250, seed=7))
both_accept("a case that must fail", with_case(**{"must-fail": True, "expect": [{"packets": 1, "verdict": "DROP"}]}))
both_accept("packets by number", expecting({"packets": 1}, {"packets": "1-3,5"}, {"packets": [1, 2]}, {"packets": "all"}))
both_accept("everything about packets", expecting({
    "packets": "udp", "verdict": "ACCEPT", "ctstate": "NEW", "direction": "reply", "rule": "filter INPUT 1", "reason": False,
    "entry": "udp [UNREPLIED]", "sent": False, "answer": False, "log": "INPUT", "in": "eth0", "out": False, "count": 0, "because": "x"}))
both_accept("entries", expecting({"entries": "udp", "at": "31s", "count": 0}, {"entries": "", "at": 0.5}, {"entries": "udp", "after": 3},
                                 {"entries": "udp", "at": "end", "because": "x"}))
both_accept("events", expecting({"events": ["[NEW] udp"], "exactly": True}))
both_accept("counters", expecting({"counter": "ipv6 INPUT policy", "packets": 1, "bytes": 2}))
both_accept("a golden", expecting({"golden": "x.jsonl"}))

both_refuse("no cases", {"rules": "x"})
both_refuse("an empty list of cases", {"cases": []})
both_refuse("an unknown key", {"rulez": "x", **with_case(expect=[{"packets": 1}])})
both_refuse("an unknown key of a case", with_case(expct=[]))
both_refuse("a case without a name", {"cases": [{"expect": []}]})
both_refuse("an unknown key of packets", expecting({"packets": 1, "verdikt": "DROP"}))
both_refuse("an unknown verdict", expecting({"packets": 1, "verdict": "DENY"}))
both_refuse("an unknown state", expecting({"packets": 1, "ctstate": "RELATE"}))
both_refuse("an unknown direction", expecting({"packets": 1, "direction": "back"}))
both_refuse("an expectation of nothing", expecting({"verdict": "DROP"}))
both_refuse("less than no packets", expecting({"packets": 1, "count": -1}))
both_refuse("a verdict of entries", expecting({"entries": "udp", "verdict": "DROP"}))
both_refuse("events that are no list", expecting({"events": "[NEW]"}))
both_refuse("a counter that is no rule", expecting({"counter": 1, "packets": 1}))
both_refuse("a golden that is no file", expecting({"golden": 1}))
both_refuse("rules that are no files", with_case(rules=1))
both_refuse("tracking of another kind", with_case(track="never", expect=[{"packets": 1}]))
both_refuse("must-fail that is no truth value", with_case(**{"must-fail": "yes"}))

print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
PYTHON
exec python3 judge.py "$ctreplay" "$source"
