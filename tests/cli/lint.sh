#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# ctreplay check --lint: each remark where it belongs, and nowhere else.

. "$(dirname "$0")/harness"

# file RULES: table filter, INPUT and FORWARD drop; lines are separated by "; "
file() {
	{
		printf '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n'
		echo "$1" | sed 's/; /\n/g'
		echo COMMIT
	} >lint.rules
}
says_remark() { # LINE NAME
	ends 1 check --lint lint.rules || return 1
	grep -q "^lint.rules:$1:[0-9]*: warning: $2: " .own/stdout && return 0
	echo "no $2 in line $1"
	cat .own/stdout
	return 1
}
remark() { # NAME LINE RULES
	file "$3"
	passes "$1: $3" says_remark "$2" "$1"
}
quiet() { # NAME RULES: not this one
	file "$2"
	passes "not $1: $2" sh -c '"$0" check --lint lint.rules >said; [ $? -le 1 ] && ! grep -q ": $1: " said' "$CTREPLAY" "$1"
}
answers="-A INPUT -m conntrack --ctstate INVALID -j DROP; -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"

remark no-established 4 "-A INPUT -p tcp --dport 22 -j ACCEPT"
quiet no-established "$answers; -A INPUT -p tcp --dport 22 -j ACCEPT"
quiet no-established "-A INPUT -i lo -j ACCEPT"
remark late-established 15 "$(for i in 1 2 3 4 5 6 7 8 9 10 11; do printf -- '-A INPUT -p tcp --dport %s -j ACCEPT; ' $i; done)-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"
quiet late-established "$answers; -A INPUT -p tcp --dport 22 -j ACCEPT"
remark invalid-accepted 5 "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; -A INPUT -p tcp --dport 22 -j ACCEPT"
quiet invalid-accepted "$answers; -A INPUT -p tcp --dport 22 -j ACCEPT"
quiet invalid-accepted "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT"
remark icmp-errors-dropped 4 "-A INPUT -p icmp -j DROP; $answers"
quiet icmp-errors-dropped "$answers; -A INPUT -p icmp -j DROP"
quiet icmp-errors-dropped "-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP; $answers"
remark log-without-limit 4 "-A INPUT -j LOG"
quiet log-without-limit "-A INPUT -m limit --limit 5/min -j LOG"
remark shadowed 5 "-A INPUT -p tcp -j DROP; -A INPUT -p tcp --dport 22 -j ACCEPT"
remark redundant 4 "-A INPUT -p tcp -j DROP"
remark impossible 4 "-A INPUT ! -s 0.0.0.0/0 -j LOG"
remark uncalled-chain 4 ":web - [0:0]; -A web -p tcp -j ACCEPT"
quiet uncalled-chain ":web - [0:0]; -A INPUT -j web; -A web -p tcp -j ACCEPT"
remark no-helper 6 "$answers; -A INPUT -p tcp --dport 21 -j ACCEPT"
quiet no-helper "$answers; -A INPUT -p tcp --dport 22 -j ACCEPT"

file "$answers; -A INPUT -p tcp --dport 21 -j ACCEPT; COMMIT; *raw; -A PREROUTING -p tcp --dport 21 -j CT --helper ftp"
passes "not no-helper: with its helper" sh -c '! "$0" check --lint lint.rules | grep "no-helper"' "$CTREPLAY"
file "-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT; COMMIT; *raw; -A PREROUTING -p udp --dport 53 -j NOTRACK"
passes "untracked-dropped" says_remark 7 untracked-dropped
printf '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n' >lint.rules
passes "accepts-all" says_remark 3 accepts-all
printf '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n' >lint.rules
passes "masquerade-anywhere" says_remark 2 masquerade-anywhere
printf '*nat\n-A POSTROUTING -o ppp0 -j MASQUERADE\nCOMMIT\n' >lint.rules
passes "not masquerade-anywhere: outwards" ends 0 check --lint lint.rules

# Kept quiet
printf '*filter\n# lint: log-without-limit, shadowed\n-A INPUT -j LOG\nCOMMIT\n' >lint.rules
passes "a comment above the rule" ends 0 check --lint lint.rules
printf '# lint-file: log-without-limit\n*filter\n-A INPUT -j LOG\nCOMMIT\n' >lint.rules
passes "a comment for the file" ends 0 check --lint lint.rules
printf '*filter\n# lint: log-without-limits\n-A INPUT -j LOG\nCOMMIT\n' >lint.rules
passes "another name keeps nothing quiet" says_remark 3 log-without-limit
printf 'iptables -A INPUT -j LOG # lint: log-without-limit\n' >lint.rules
passes "at the end of a command" ends 0 check --lint lint.rules
passes "without --lint nothing is said" sh -c 'printf "*filter\n-A INPUT -j LOG\nCOMMIT\n" >lint.rules; "$0" check lint.rules' "$CTREPLAY"
finish
