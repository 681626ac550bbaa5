#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The types of python/ctreplay and of its example hold: mypy --strict. And the ctypes structs are those of the header.

. "$(dirname "$0")/../tap"
cd "$source" || exit 99
if ! command -v mypy >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
	echo "1..0 # SKIP mypy or python3 is not there"
	exit 0
fi
library=$build/libctreplay.so
[ -z "${CTREPLAY:-}" ] || library=${CTREPLAY%/*}/libctreplay.so
MYPYPATH=python mypy --strict --cache-dir "$work/cache" python/ctreplay docs/examples/occupancy.py >"$work/said" 2>&1
status=$?
tell $status "mypy --strict finds nothing"
[ $status -eq 0 ] || show "$work/said"
if [ ! -e "$library" ]; then
	skip "sizes of structs" "the shared library was not built"
	finish
fi
cat >"$work/sizes.c" <<'EOF'
#include <ctreplay.h>
#include <stdio.h>
#define TELL(python, name) printf(python " %zu\n", sizeof(struct ctreplay_##name))
int main(void)
{
	TELL("_Address", address); TELL("_Tuple", tuple); TELL("_Rule", rule); TELL("_Entry", entry); TELL("_Packet", packet);
	TELL("_Event", event); TELL("_Counter", counter); TELL("_Summary", summary); TELL("_Message", message); TELL("_Frame", frame);
	TELL("_CoveredRule", covered_rule); TELL("_CoveredChain", covered_chain); TELL("_Coverage", coverage); TELL("_Case", case);
	TELL("_Outcome", outcome); TELL("_Difference", difference); TELL("_Comparison", comparison); TELL("_Arrival", arrival);
	TELL("_Account", account);
	return 0;
}
EOF
cat >"$work/sizes.py" <<'EOF'
import ctypes, sys
import ctreplay
for line in open(sys.argv[1]):
    name, size = line.split()
    if ctypes.sizeof(getattr(ctreplay, name)) != int(size):
        print("%s: %d bytes in Python, %s in C" % (name, ctypes.sizeof(getattr(ctreplay, name)), size))
EOF
${CC:-cc} -I src/api -o "$work/sizes" "$work/sizes.c" 2>"$work/said" && "$work/sizes" >"$work/list" && [ "$(wc -l <"$work/list")" -eq 19 ] &&
	CTREPLAY_LIBRARY=$library PYTHONPATH=python PYTHONDONTWRITEBYTECODE=1 python3 "$work/sizes.py" "$work/list" >"$work/said" 2>&1 && [ ! -s "$work/said" ]
status=$?
tell $status "the structs are as large as the header's"
[ $status -eq 0 ] || show "$work/said"

# Every member of its enumerations has the header's number.
cat >"$work/numbers.py" <<'EOF'
import ctreplay
odd = {"Verdict.NONE": "NO_VERDICT", "Ctstate.NONE": "NO_CTSTATE", "Way.UNKNOWN": "UNKNOWN_WAY"}
print("#include <ctreplay.h>")
for kind, prefix in (("Verdict", ""), ("Ctstate", ""), ("Direction", ""), ("Change", ""), ("EventKind", "EVENT_"), ("Status", "STATUS_"), ("Way", "")):
    for name, member in getattr(ctreplay, kind).__members__.items():
        print("_Static_assert(CTREPLAY_%s == %d, \"%s\");" % (odd.get("%s.%s" % (kind, name), prefix + name), member, kind))
EOF
CTREPLAY_LIBRARY=$library PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=python python3 "$work/numbers.py" >"$work/numbers.c" 2>"$work/said" && [ "$(wc -l <"$work/numbers.c")" -gt 30 ] &&
	${CC:-cc} -fsyntax-only -I src/api "$work/numbers.c" >"$work/said" 2>&1
status=$?
tell $status "members of enumerations have the header's numbers"
[ $status -eq 0 ] || show "$work/said"
finish
