# SPDX-License-Identifier: GPL-2.0-or-later
# -m cgroup: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# chain OUTPUT
-m cgroup --cgroup 1 ; = ; OK
-m cgroup ! --cgroup 0x100001 ; -m cgroup ! --cgroup 1048577 ; OK
-m cgroup --path / ; -m cgroup --path "/" ; OK
-m cgroup ! --path / ; -m cgroup ! --path "/" ; OK
-m cgroup ; ; FAIL cgroup needs --path or --cgroup
-m cgroup --cgroup 1 --path / ; ; FAIL --path cannot stand together with --cgroup
-m cgroup --cgroup x ; ; FAIL "x" is not a number from 0 to 4294967295
# chain INPUT
-m cgroup --cgroup 1 -j DROP ; = ; OK
# chain FORWARD
-m cgroup --cgroup 1 ; ; FAIL cgroup cannot be used in FORWARD
# family ipv6
# chain OUTPUT
-m cgroup --cgroup 1 ; = ; OK
