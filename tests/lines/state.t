# SPDX-License-Identifier: GPL-2.0-or-later
# -m state: as iptables-legacy-restore 1.8.9 takes it and iptables-legacy-save prints it.

# family ipv4
# table filter
# chain FORWARD
-m state --state NEW ; = ; OK
-m state --state ESTABLISHED,RELATED ; -m state --state RELATED,ESTABLISHED ; OK
-m state ! --state INVALID ; = ; OK
-m state --state new,established ; -m state --state NEW,ESTABLISHED ; OK
-m state --state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED ; = ; OK
-m state --state UNTRACKED ; = ; OK
-m state --state NEW,NEW ; -m state --state NEW ; OK
-m state --state ESTABLISED ; ; FAIL unknown state "ESTABLISED"
-m state --state NEW, ; ; FAIL a state is missing
-m state --state ,NEW ; ; FAIL a state is missing
-m state --state NEW,,RELATED ; ; FAIL a state is missing
-m state --state "" ; ; FAIL a state is missing
-m state --state N ; -m state --state NEW ; OK
-m state --state EST ; -m state --state ESTABLISHED ; OK
-m state --state SNAT ; ; FAIL unknown state "SNAT"
-m state ; ; FAIL state needs --state state[,state]
-m state --state NEW --state RELATED ; ; FAIL --state is given twice
-m state ! --state NEW,ESTABLISHED ; = ; OK
-m state --state "NEW, ESTABLISHED" ; ; FAIL unknown state " ESTABLISHED"
--state NEW ; ; FAIL unknown option "--state"
-m state --sta NEW ; -m state --state NEW ; OK
-m state --state RELATED -m state --state NEW ; = ; OK
-m state ! --state RELATED,ESTABLISHED ; = ; OK
-m state --state ESTABLISHED,RELATED,NEW ; -m state --state NEW,RELATED,ESTABLISHED ; OK
-p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT ; = ; OK
-m state --state NEW,RELATD,ESTABLISHED ; ; FAIL unknown state "RELATD"

# family ipv6
-m state --state NEW ; = ; OK
