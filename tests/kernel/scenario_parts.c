/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario_parts.h"

static const struct part states[] = {
	{ "-m conntrack --ctstate INVALID", 0 },
	{ "-m conntrack --ctstate NEW", PART_TRACKED },
	{ "-m conntrack ! --ctstate NEW", 0 },
	{ "-m state --state INVALID", 0 },
	{ "-m state ! --state ESTABLISHED", 0 },
	{ "-m state --state RELATED,ESTABLISHED", 0 },
	{ "-m conntrack --ctstate RELATED", 0 },
	{ "-m conntrack --ctstate UNTRACKED", 0 },
	{ "-m conntrack --ctstate SNAT", PART_TRACKED },
	{ "-m conntrack --ctstate DNAT", PART_TRACKED },
	{ "-m conntrack ! --ctstate DNAT,INVALID", PART_TRACKED },
	{ "-m conntrack --ctstatus ASSURED", PART_TRACKED },
	{ "-m conntrack ! --ctstatus ASSURED", PART_TRACKED },
	{ "-m conntrack --ctstatus SEEN_REPLY", PART_TRACKED },
	{ "-m conntrack ! --ctstatus SEEN_REPLY", PART_TRACKED },
	{ "-m conntrack --ctstatus CONFIRMED", PART_TRACKED },
	{ "-m conntrack --ctstatus NONE", PART_TRACKED },
	{ "-m conntrack --ctproto 6", PART_TRACKED },
	{ "-m conntrack ! --ctproto 17", PART_TRACKED },
	{ "-m conntrack --ctproto 1", PART_TRACKED },
	{ "-m conntrack --ctdir REPLY", PART_TRACKED },
	{ "-m conntrack --ctdir ORIGINAL", PART_TRACKED },
	{ "-m conntrack --ctstate ESTABLISHED --ctdir REPLY", PART_TRACKED },
	{ "-m conntrack --ctorigdstport 80", PART_TRACKED },
	{ "-m conntrack --ctorigsrcport 1024:20000", PART_TRACKED },
	{ "-m conntrack ! --ctorigdstport 53", PART_TRACKED },
	{ "-m conntrack --ctreplsrcport 80:443", PART_TRACKED },
	{ "-m conntrack --ctrepldstport 1024:30000", PART_TRACKED },
	{ "-m conntrack --ctstate NEW --ctproto 6 --ctorigdstport 22", PART_TRACKED },
	{ "-m conntrack --ctorigdst 10.0.0.1", PART_TRACKED | PART_IPV4 },
	{ "-m conntrack --ctorigsrc 10.0.0.0/24", PART_TRACKED | PART_IPV4 },
	{ "-m conntrack ! --ctreplsrc 10.0.0.1", PART_TRACKED | PART_IPV4 },
	{ "-m conntrack --ctrepldst 10.0.0.1", PART_TRACKED | PART_IPV4 },
	{ "-m conntrack --ctorigdst fd00::1", PART_TRACKED | PART_IPV6 },
	{ "-m conntrack ! --ctreplsrc fd00::1", PART_TRACKED | PART_IPV6 },
};

static const struct part flows[] = {
	{ "-m mark --mark 0x1", 0 },
	{ "-m mark ! --mark 0x0", 0 },
	{ "-m mark --mark 0x2/0xf", 0 },
	{ "-m connmark --mark 0x1", 0 },
	{ "-m connmark ! --mark 0x0", 0 },
	{ "-m connmark --mark 0x2/0xf", 0 },
	{ "-m connbytes --connbytes 3 --connbytes-mode packets --connbytes-dir both", PART_TRACKED },
	{ "-m connbytes --connbytes 2:4 --connbytes-mode packets --connbytes-dir original", PART_TRACKED },
	{ "-m connbytes ! --connbytes 300 --connbytes-mode bytes --connbytes-dir reply", PART_TRACKED },
	{ "-m connbytes --connbytes 50:200 --connbytes-mode avgpkt --connbytes-dir both", PART_TRACKED },
	{ "-m connlimit --connlimit-above 2 --connlimit-mask 32 --connlimit-saddr", PART_TRACKED },
	{ "-m connlimit --connlimit-upto 3 --connlimit-mask 24 --connlimit-saddr", PART_TRACKED | PART_IPV4 },
	{ "-p tcp -m connlimit --connlimit-above 1 --connlimit-mask 32 --connlimit-daddr", PART_TRACKED | PART_TCP | PART_IPV4 },
	{ "-m helper --helper ftp", PART_TRACKED },
};

static const struct part tcp[] = {
	{ "-p tcp -m tcp --dport 80", PART_TCP },
	{ "-p tcp -m tcp ! --dport 22", PART_TCP },
	{ "-p tcp -m tcp --sport 1024:65535 --dport 22", PART_TCP },
	{ "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN", PART_TCP },
	{ "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW", PART_TCP | PART_TRACKED },
	{ "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE", PART_TCP },
	{ "-p tcp -m tcp --tcp-flags SYN,FIN SYN,FIN", PART_TCP },
	{ "-p tcp -m tcp --tcp-flags RST RST", PART_TCP },
	{ "-p tcp -m tcp --tcp-option 4", PART_TCP },
	{ "-p tcp -m tcp ! --tcp-option 8", PART_TCP },
	{ "-p tcp -m multiport --dports 22,80,443", PART_TCP },
	{ "-p tcp -m multiport ! --ports 80,5000", PART_TCP },
	{ "-p tcp -m multiport --sports 1024:30000,40000:50000", PART_TCP },
	{ "-p tcp -m tcpmss --mss 1000:1500", PART_TCP },
	{ "-p tcp -m tcpmss ! --mss 536", PART_TCP },
	{ "-p tcp -m ecn --ecn-tcp-cwr", PART_TCP | PART_IPV4 },
	{ "-p tcp -m ecn ! --ecn-tcp-ece", PART_TCP },
	{ "! -p tcp", 0 },
};

static const struct part datagrams[] = {
	{ "-p udp -m udp --dport 53", 0 },
	{ "-p udp -m udp --sport 53", 0 },
	{ "-p udp -m udp ! --sport 1024:65535", 0 },
	{ "-p udp -m multiport --dports 53,123,5353", 0 },
	{ "-p udp -m multiport --ports 53,161", 0 },
	{ "-p udp", 0 },
	{ "-p udplite -m multiport --dports 53,123", 0 },
	{ "-p udplite", 0 },
	{ "-p sctp -m sctp --dport 36412", 0 },
	{ "-p sctp -m sctp --chunk-types any INIT", 0 },
	{ "-p sctp -m sctp --chunk-types only DATA", 0 },
	{ "-p sctp -m sctp ! --chunk-types any DATA:Be", 0 },
	{ "-p sctp -m sctp --chunk-types all DATA,SACK", 0 },
	{ "-p sctp -m multiport --sports 36412,80", 0 },
	{ "-p gre", 0 },
	{ "! -p udp", 0 },
};

static const struct part icmp[] = {
	{ "-p icmp -m icmp --icmp-type 8", PART_IPV4 },
	{ "-p icmp -m icmp ! --icmp-type 8", PART_IPV4 },
	{ "-p icmp -m icmp --icmp-type 3/3", PART_IPV4 },
	{ "-p icmp -m icmp --icmp-type 3", PART_IPV4 },
	{ "-p icmp -m icmp --icmp-type any", PART_IPV4 },
	{ "-p icmp", PART_IPV4 },
	{ "-p icmp -m icmp --icmp-type 0", PART_IPV4 },
	{ "-p ipv6-icmp -m icmp6 --icmpv6-type 128", PART_IPV6 },
	{ "-p ipv6-icmp -m icmp6 --icmpv6-type 135", PART_IPV6 },
	{ "-p ipv6-icmp -m icmp6 ! --icmpv6-type 129", PART_IPV6 },
	{ "-p ipv6-icmp -m icmp6 --icmpv6-type 1/4", PART_IPV6 },
	{ "-p ipv6-icmp", PART_IPV6 },
};

static const struct part headers[] = {
	{ "-m length --length 0:60", 0 },
	{ "-m length --length 40", 0 },
	{ "-m length ! --length 100:300", 0 },
	{ "-m tos --tos 0x10/0xff", 0 },
	{ "-m tos ! --tos 0x00/0xff", 0 },
	{ "-m dscp --dscp 0x04", 0 },
	{ "-m dscp ! --dscp 0x00", 0 },
	{ "-m ecn --ecn-ip-ect 1", 0 },
	{ "-m ecn ! --ecn-ip-ect 0", 0 },
	{ "-m ttl --ttl-eq 63", PART_IPV4 },
	{ "-m ttl --ttl-lt 64", PART_IPV4 },
	{ "-m ttl --ttl-gt 64", PART_IPV4 },
	{ "-m hl --hl-eq 64", PART_IPV6 },
	{ "-m hl --hl-lt 64", PART_IPV6 },
	{ "-m hl --hl-gt 64", PART_IPV6 },
	{ "-m rt --rt-type 4", PART_IPV6 },
	{ "-m rt ! --rt-type 0", PART_IPV6 },
	{ "-m rt --rt-segsleft 0", PART_IPV6 },
	{ "-m addrtype --dst-type LOCAL", 0 },
	{ "-m addrtype --dst-type BROADCAST", PART_IPV4 },
	{ "-m addrtype ! --src-type LOCAL", 0 },
	{ "-m addrtype --dst-type MULTICAST,BROADCAST", PART_IPV4 },
	{ "-m addrtype --src-type UNICAST", 0 },
	{ "-m iprange --src-range 10.0.0.2-10.0.0.100", PART_IPV4 },
	{ "-m iprange ! --dst-range 10.0.0.0-10.0.0.9", PART_IPV4 },
	{ "-m iprange --src-range fd00::1-fd00::10", PART_IPV6 },
	{ "-s 10.0.0.0/24", PART_IPV4 },
	{ "! -s 10.0.0.0/24", PART_IPV4 },
	{ "-d 198.51.100.0/24", PART_IPV4 },
	{ "! -d 192.168.1.0/24", PART_IPV4 },
	{ "-s 0.0.0.7/0.0.0.7", PART_IPV4 },
	{ "-f", PART_IPV4 },
	{ "! -f", PART_IPV4 },
	{ "-s fd00::/64", PART_IPV6 },
	{ "! -s fd00::/64", PART_IPV6 },
	{ "-d 2001:db8::/32", PART_IPV6 },
};

static const struct part contents[] = {
	{ "-m string --string \"abcdef\" --algo bm", PART_WHOLE },
	{ "-m string ! --string \"xxxx\" --algo kmp --from 20 --to 80", 0 },
	{ "-m string --string \"GHIJ\" --algo bm --icase", PART_WHOLE },
	{ "-m string --hex-string \"|0000|\" --algo bm --to 64", PART_WHOLE },
	{ "-m comment --comment \"nothing in it\"", 0 },
	{ "-m statistic --mode nth --every 3 --packet 0", 0 },
	{ "-m statistic --mode nth ! --every 4 --packet 2", 0 },
	{ "-m quota --quota 1000", 0 },
	{ "-m quota ! --quota 300", 0 },
};

static const struct part rare[] = {
	{ "-m u32 --u32 \"0x6&0xff=0x11\"", PART_IPV4 },
	{ "-m u32 --u32 \"0x0>>0x16&0x3c@0x0>>0x10=0x50,0x400:0x4e20\"", PART_IPV4 },
	{ "-m u32 ! --u32 \"0x4&0x1fff=0x0\"", PART_IPV4 },
	{ "-m u32 --u32 \"0x3&0xff=0x6,0x11\"", PART_IPV6 },
	{ "-m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"", PART_IPV4 },
	{ "-m bpf --bytecode \"2,40 0 0 2,6 0 0 100\"", 0 },
	{ "-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000007", PART_TRACKED },
	{ "-m cluster ! --cluster-local-nodemask 0x00000003 --cluster-total-nodes 4 --cluster-hash-seed 0xfeedcafe", PART_TRACKED },
	{ "-p esp -m esp --espspi 0:4096", 0 },
	{ "-p esp -m esp ! --espspi 0", 0 },
	{ "-p ah -m ah --ahspi 0:500", PART_IPV4 },
	{ "-p dccp -m dccp --sport 0:1023", 0 },
	{ "-p dccp -m dccp --dccp-types REQUEST,DATA", 0 },
	{ "-p ah -m ah ! --ahspi 0:500 --ahres", PART_IPV6 },
	{ "-p ipcomp -m ipcomp --ipcompspi 0:255", 0 },
	{ "-m rpfilter", PART_PREROUTING },
	{ "-m rpfilter --loose --invert", PART_PREROUTING },
	{ "-m frag --fragid 0:4294967295 --fragmore", PART_IPV6 },
	{ "-m hbh --hbh-len 8", PART_IPV6 },
	{ "-m dst --dst-len 8 --dst-opts 1:4", PART_IPV6 },
	{ "-m ipv6header --header hop-by-hop --soft", PART_IPV6 },
	{ "-m ipv6header ! --header ipv6-opts --soft", PART_IPV6 },
	{ "-m ipv6header --header ipv6-route,ipv6-frag --soft", PART_IPV6 },
	{ "-m ipv6header --header prot", PART_IPV6 },
	{ "-m eui64", PART_IPV6 | PART_INBOUND },
	{ "-p ipv6-mh -m mh --mh-type 0:4", PART_IPV6 },
	{ "-m srh --srh-segs-left-lt 3", PART_IPV6 },
};

static const struct part arrivals[] = {
	{ "-m mac --mac-source 02:aa:00:00:00:10", PART_INBOUND },
	{ "-m mac ! --mac-source 02:aa:00:00:00:13", PART_INBOUND },
	{ "-m pkttype --pkt-type unicast", PART_INBOUND },
	{ "-m pkttype --pkt-type multicast", PART_INBOUND },
	{ "-m pkttype --pkt-type broadcast", PART_INBOUND },
	{ "-i eth0", PART_INBOUND },
	{ "! -i eth0", PART_INBOUND },
	{ "-i eth+", PART_INBOUND },
	{ "-o eth0", PART_OUTPUT },
	{ "! -o eth+", PART_OUTPUT },
};

/*
 * A list of addresses belongs to one family: the first rule's mask, as iptables-save prints it, is the list's.
 * Buckets are kept until they would be full anyway, and only confirmed entries have a time to end: docs/fidelity.md says why.
 */
static const struct part clocks[] = {
	{ "-m limit --limit 1/sec --limit-burst 3", PART_CLOCK },
	{ "-m limit --limit 20/min --limit-burst 1", PART_CLOCK },
	{ "-m hashlimit --hashlimit-upto 2/sec --hashlimit-burst 3 --hashlimit-mode srcip --hashlimit-name one --hashlimit-htable-expire 60000", PART_CLOCK },
	{ "-m hashlimit --hashlimit-above 10/min --hashlimit-burst 2 --hashlimit-mode srcip,dstport --hashlimit-name two", PART_CLOCK },
	{ "-m recent --set --name seen --rsource", PART_CLOCK | PART_IPV4 },
	{ "-m recent --rcheck --seconds 10 --name seen --rsource", PART_CLOCK | PART_IPV4 },
	{ "-m recent --update --seconds 60 --hitcount 3 --name seen --rsource", PART_CLOCK | PART_IPV4 },
	{ "-m recent --set --name met --rsource", PART_CLOCK | PART_IPV6 },
	{ "-m recent --rcheck --seconds 10 --name met --rsource", PART_CLOCK | PART_IPV6 },
	{ "-m recent --update --seconds 60 --hitcount 3 --name met --rsource", PART_CLOCK | PART_IPV6 },
	{ "-m conntrack --ctstatus CONFIRMED --ctexpire 0:60", PART_CLOCK | PART_TRACKED },
	{ "-m conntrack --ctstatus CONFIRMED --ctexpire 115:432000", PART_CLOCK | PART_TRACKED },
};

#define GROUP(list, weight) { list, sizeof(list) / sizeof((list)[0]), weight }

const struct part_group match_groups[] = {
	GROUP(states, 26), GROUP(flows, 11), GROUP(tcp, 20), GROUP(datagrams, 14), GROUP(icmp, 8),
	GROUP(headers, 14), GROUP(contents, 7), GROUP(rare, 10), GROUP(arrivals, 8), GROUP(clocks, 40),
};
const size_t n_match_groups = sizeof(match_groups) / sizeof(match_groups[0]);

static const struct part to_mangle[] = {
	{ "-j MARK --set-xmark 0x2/0xffffffff", 0 },
	{ "-j MARK --set-xmark 0x1/0xff", 0 },
	{ "-j MARK --set-xmark 0x0/0x3", 0 },
	{ "-j CONNMARK --set-xmark 0x1/0xffffffff", PART_TRACKED },
	{ "-j CONNMARK --set-xmark 0x6/0xf", PART_TRACKED },
	{ "-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff", PART_TRACKED },
	{ "-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xff", PART_TRACKED },
	{ "-j TOS --set-tos 0x10/0xff", 0 },
	{ "-j TOS --set-tos 0x00/0x3f", 0 },
	{ "-j DSCP --set-dscp 0x2e", 0 },
	{ "-j TTL --ttl-set 9", PART_IPV4 },
	{ "-j TTL --ttl-dec 1", PART_IPV4 },
	{ "-j TTL --ttl-inc 200", PART_IPV4 },
	{ "-j HL --hl-set 9", PART_IPV6 },
	{ "-j HL --hl-dec 1", PART_IPV6 },
	{ "-j CLASSIFY --set-class 0001:0002", PART_OUTPUT },
	{ "-p udp -j CHECKSUM --checksum-fill", 0 },
	{ "-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1200", 0 },
	{ "-p tcp -j ECN --ecn-tcp-remove", PART_IPV4 },
	{ "-p tcp -j TCPOPTSTRIP --strip-options 8", 0 },
	{ "-p tcp -j TCPOPTSTRIP --strip-options 3,4,5", 0 },
	{ "-j HMARK --hmark-tuple src,dst,sport,dport,proto --hmark-mod 5 --hmark-offset 100 --hmark-rnd 0x12345678", 0 },
	{ "-j IDLETIMER --timeout 600 --label busy", 0 },
	{ "-j AUDIT --type accept", 0 },
	{ "-j HMARK --hmark-tuple ct,src --hmark-mod 3 --hmark-rnd 0x00000009", PART_TRACKED },
};
const struct part_group mangle_targets = GROUP(to_mangle, 0);

static const struct part to_raw[] = {
	{ "-j CT --notrack", 0 },
	{ "-j NOTRACK", 0 },
};
const struct part_group raw_targets = GROUP(to_raw, 0);

static const struct part plain[] = {
	{ "-j ACCEPT", 0 }, { "-j ACCEPT", 0 }, { "-j ACCEPT", 0 }, { "-j DROP", 0 }, { "-j DROP", 0 }, { "-j RETURN", 0 },
	{ "-j LOG --log-prefix \"seen: \"", 0 }, { "-j NFLOG --nflog-group 5", 0 }, { "", 0 }, { "-j NFQUEUE --queue-num 3", 0 },
};
const struct part_group plain_targets = GROUP(plain, 0);

static const struct part reject[] = {
	{ "-j REJECT --reject-with icmp-port-unreachable", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-host-unreachable", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-net-unreachable", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-proto-unreachable", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-net-prohibited", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-host-prohibited", PART_IPV4 },
	{ "-j REJECT --reject-with icmp-admin-prohibited", PART_IPV4 },
	{ "-j REJECT --reject-with icmp6-no-route", PART_IPV6 },
	{ "-j REJECT --reject-with icmp6-adm-prohibited", PART_IPV6 },
	{ "-j REJECT --reject-with icmp6-addr-unreachable", PART_IPV6 },
	{ "-j REJECT --reject-with icmp6-port-unreachable", PART_IPV6 },
	{ "-j REJECT --reject-with icmp6-policy-fail", PART_IPV6 },
	{ "-j REJECT --reject-with tcp-reset", PART_TCP },
	{ "-j REJECT --reject-with tcp-reset", PART_TCP },
	{ "-j REJECT --reject-with tcp-reset", PART_TCP },
};
const struct part_group rejections = GROUP(reject, 0);
