/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that fuzz_stateful begins with and changes to, and the set that they use: whatever remembers something. */
#ifndef TESTS_FUZZ_STATEFUL_RULES_H
#define TESTS_FUZZ_STATEFUL_RULES_H

enum { N_RULESETS = 5 };

static const char *const rulesets[N_RULESETS] = {
	"*nat\n-A PREROUTING -i eth2 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.1.2-10.0.1.3:80-82\n"
	"-A PREROUTING -p udp -m udp --dport 53 -j REDIRECT --to-ports 5353\n-A OUTPUT -p icmp -j DNAT --to-destination 10.0.2.3\n"
	"-A POSTROUTING -o eth2 -p udp -j MASQUERADE --to-ports 100-101\n-A POSTROUTING -o eth2 -j MASQUERADE\nCOMMIT\n"
	"*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
	"-A FORWARD -i eth1 -m conntrack --ctstate NEW -j ACCEPT\n-A FORWARD -m conntrack --ctstate DNAT -j ACCEPT\n"
	"-A FORWARD -p tcp -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT\nCOMMIT\n",

	"*raw\n-A PREROUTING -i eth1 -p udp -j CT --zone 1\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\n"
	"-A PREROUTING -p sctp -j NOTRACK\nCOMMIT\n"
	"*mangle\n-A PREROUTING -m conntrack --ctstate NEW -j CONNMARK --set-xmark 0x1/0x3\n-A PREROUTING -j CONNMARK --restore-mark\n"
	"-A FORWARD -m connmark --mark 1/1 -m statistic --mode nth --every 3 --packet 0 -j MARK --set-mark 2\n"
	"-A POSTROUTING -m mark --mark 2 -j CONNMARK --save-mark\nCOMMIT\n"
	"*filter\n-A FORWARD -p tcp -m connlimit --connlimit-above 2 --connlimit-mask 24 -j REJECT --reject-with tcp-reset\n"
	"-A FORWARD -m mark --mark 2 -j DROP\n-A INPUT -m limit --limit 2/s --limit-burst 2 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n",

	"*filter\n:a - [0:0]\n:b - [0:0]\n-A INPUT -j a\n-A FORWARD -g b\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\n"
	"-A a -m recent --name r --update --seconds 30 --hitcount 3 -j DROP\n-A a -m recent --name r --set\n-A a -j b\n"
	"-A b -m hashlimit --hashlimit-upto 3/s --hashlimit-burst 4 --hashlimit-mode srcip,dstport --hashlimit-name h -j RETURN\n"
	"-A b -m connbytes --connbytes 4 --connbytes-mode packets --connbytes-dir both -j LOG --log-prefix \"many \"\n"
	"-A b -m connlabel --label 5 --set\n-A b -m quota --quota 2000 -j ACCEPT\n-A b -m addrtype --dst-type LOCAL -j ACCEPT\n"
	"-A b -p tcp -m tcp ! --syn -m conntrack --ctstate NEW -j DROP\n-A b -m set --match-set s src -j DROP\nCOMMIT\n",

	"*nat\n-A PREROUTING -j NETMAP --to 10.0.1.0/28\n-A INPUT -j SNAT --to-source 10.0.9.9\n"
	"-A POSTROUTING -p tcp -j SNAT --to-source 10.0.2.1-10.0.2.2:1000-1001 --persistent\nCOMMIT\n"
	"*mangle\n-A PREROUTING -p tcp -m socket --transparent -j ACCEPT\n"
	"-A PREROUTING -p tcp -m tcp --dport 8080 -j TPROXY --on-port 3128 --tproxy-mark 1/1\n-A POSTROUTING -j TTL --ttl-dec 1\nCOMMIT\n"
	"*raw\n-A PREROUTING -p tcp -m tcp --dport 80 --syn -j CT --notrack\nCOMMIT\n"
	"*filter\n-A INPUT -p tcp -m tcp --dport 80 -m conntrack --ctstate INVALID,UNTRACKED -j SYNPROXY --sack-perm --mss 1460\n"
	"-A INPUT -m set ! --match-set s dst -j SET --add-set s src --exist\n-A FORWARD -m conntrack --ctexpire 0:20 -j DROP\nCOMMIT\n",

	"*filter\n-A FORWARD -m state --state ESTABLISHED\nCOMMIT\n",
};

static const char sets_text[] = "create s hash:ip timeout 30 counters maxelem 3\nadd s 10.0.1.2\nadd s 10.0.2.9 timeout 5\n";

#endif
