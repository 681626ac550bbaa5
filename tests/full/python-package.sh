#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `pip install ./python` in an environment of its own, without a network: the package is built, imported from elsewhere over the library of this
# build, known to a type checker with its types, and removed again. Skips aloud what cannot be had. Prints TAP.

. "$(dirname "$0")/../tap"
library=$build/libctreplay.so
[ -z "${CTREPLAY:-}" ] || library=$(cd "${CTREPLAY%/*}" && pwd)/libctreplay.so
[ -e "$library" ] || skip_all "the shared library was not built"

# A Python that can build a package without asking anybody: pip, and setuptools with what it needs.
can_build='import setuptools, pip
if tuple(map(int, setuptools.__version__.split(".")[:2])) < (70, 1):
    import wheel'
python=
for each in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! $each -c "$can_build" >/dev/null 2>&1 || python=$each
done
[ -n "$python" ] || skip_all "no python3 has pip, setuptools and wheel"

# passes WORDS COMMAND...
passes() {
	words=$1
	shift
	"$@" >"$work/said" 2>&1
	status=$?
	tell $status "$words"
	[ $status -eq 0 ] || show "$work/said"
}

cp -r "$source/python" "$work/python" && chmod -R u+w "$work/python" && mkdir "$work/elsewhere" && cd "$work/elsewhere" || exit 99
CTREPLAY_LIBRARY=$library PYTHONDONTWRITEBYTECODE=1
export CTREPLAY_LIBRARY PYTHONDONTWRITEBYTECODE
unset PYTHONPATH
passes "an environment of its own" "$python" -m venv --without-pip --system-site-packages "$work/venv"
own=$work/venv/bin/python
passes "pip builds and installs the package" "$own" -m pip install --no-index --no-deps --no-build-isolation --disable-pip-version-check "$work/python"
imports() {
	"$own" -c 'import ctreplay, sys; print(ctreplay.__file__, ctreplay.library_version()); sys.exit(not ctreplay.__file__.startswith(sys.argv[1]))' "$work/venv"
}
passes "it is imported from there, and finds the library" imports
replays() {
	"$own" "$source/docs/examples/occupancy.py" "$source/captures/dns-timeout.pcap" "$source/rules/dns.rules" picture.png >drawn && [ -s drawn ]
}
passes "the example runs over it" replays
cat >user.py <<'END'
import ctreplay

def first(path: str, rules: str) -> str:
    with ctreplay.Replay(path, rules) as replay:
        return next(replay).verdict
END
if command -v mypy >/dev/null 2>&1; then
	# A verdict is no text: only with the package's own types is that known.
	checks() {
		mypy --strict --python-executable "$own" --cache-dir "$work/cache" user.py
		[ $? -eq 1 ] && mypy --strict --python-executable "$own" --cache-dir "$work/cache" user.py | grep -q 'got "Verdict", expected "str"'
	}
	passes "a type checker finds its types" checks
else
	skip "a type checker finds its types" "mypy is not here"
fi
passes "pip removes it" "$own" -m pip uninstall --yes --disable-pip-version-check ctreplay
gone() {
	! "$own" -c 'import ctreplay' 2>/dev/null
}
passes "and it is gone" gone
finish
