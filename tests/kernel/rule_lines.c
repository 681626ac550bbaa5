/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_lines SEED N: N generated rule lines over all matches and targets, each with the place it is for:
 * "family TAB table TAB chain TAB rule TAB prerequisite", where the prerequisite is a rule that must stand before it, or "-".
 * The same seed makes the same lines. Nothing here knows which lines are right: a part of the values is wrong on purpose.
 *
 * Templates are a small language: {a|b|c} is one of them, [a] is there or not, ( and ) are brackets, ^ may be "! ", and $ with a
 * letter is a random value: p port, n small number, N number of 32 bits, h hexadecimal, a address, A address with mask, m mark,
 * P number of a port, w word, q quoted words, x a string with hexadecimal, s seconds, i interface.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum { LINE_LONGEST = 800, ODD_PERCENT = 7 };

struct generator {
	struct random random;
	int family;
	char line[LINE_LONGEST];
	size_t len;
};

/* For which family, tables and chains a template makes sense; others come up too, seldom. */
struct template {
	int family;		/* 4, 6 or 0 for both */
	const char *tables;	/* "" for any */
	const char *text;
};

static uint32_t pick(struct generator *generator, uint32_t n)
{
	return (uint32_t)((random_u64(&generator->random) >> 32) * n >> 32);
}

static int chance(struct generator *generator, uint32_t percent)
{
	return pick(generator, 100) < percent;
}

static void append(struct generator *generator, const char *text, size_t len)
{
	if (generator->len + len >= LINE_LONGEST)
		return;
	memcpy(generator->line + generator->len, text, len);
	generator->len += len;
	generator->line[generator->len] = '\0';
}

static void append_text(struct generator *generator, const char *text)
{
	append(generator, text, strlen(text));
}

#define ONE_OF(generator, words) words[pick(generator, sizeof(words) / sizeof(words[0]))]

static void append_odd(struct generator *generator)
{
	static const char *const odd[] = { "x", "-1", "99999999999", "\"\"", "0x", "1:2:3", "1,,2", "65536", "256", "a/b", "5/", "/8" };

	append_text(generator, ONE_OF(generator, odd));
}

static void append_number(struct generator *generator, uint32_t most)
{
	char text[32];
	uint32_t number = chance(generator, 20) ? pick(generator, 4) : chance(generator, 10) ? most - 1 : pick(generator, most);

	snprintf(text, sizeof(text), chance(generator, 20) ? "0x%x" : "%u", number);
	append_text(generator, text);
}

static void append_port(struct generator *generator)
{
	static const char *const names[] = { "http", "ssh", "domain", "https", "65535", "0" };

	if (chance(generator, 20))
		append_text(generator, ONE_OF(generator, names));
	else
		append_number(generator, 65536);
}

static void append_address(struct generator *generator, int with_mask)
{
	static const char *const addresses4[] = { "10.0.0.1", "192.168.7.9", "127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.5" };
	static const char *const addresses6[] = { "2001:db8::1", "fe80::7", "::1", "::", "ff02::1", "2001:db8:0:1::ff" };
	static const char *const masks4[] = { "/8", "/24", "/32", "/0", "/255.255.0.0", "/255.0.255.0", "/31" };
	static const char *const masks6[] = { "/64", "/128", "/0", "/ffff::", "/10", "/127" };

	append_text(generator, generator->family == 4 ? ONE_OF(generator, addresses4) : ONE_OF(generator, addresses6));
	if (with_mask && chance(generator, 60))
		append_text(generator, generator->family == 4 ? ONE_OF(generator, masks4) : ONE_OF(generator, masks6));
}

static void append_mark(struct generator *generator)
{
	append_number(generator, 1000000);
	if (!chance(generator, 50))
		return;
	append_text(generator, "/");
	append_number(generator, UINT32_MAX);
}

static void append_value(struct generator *generator, char kind)
{
	static const char *const words[] = { "web", "a", "two-words", "UPPER_1", "name15characters", "x.y", "q9" };
	static const char *const quoted[] = { "\"dropped: \"", "\"it's\"", "plain", "\"a \\\"b\\\"\"", "\"with blanks in it\"", "\"back\\\\slash\"" };
	static const char *const hex_strings[] = { "\"|47 45|T\"", "|0d0a|", "abc", "\"|4|\"", "\"a|00|b|ff fe|\"", "\"|zz|\"", "\"|41\"" };
	static const char *const interfaces[] = { "eth0", "lan+", "ppp0", "lo", "a", "interface15char" };
	char text[32];

	if (chance(generator, ODD_PERCENT)) {
		append_odd(generator);
		return;
	}
	switch (kind) {
	case 'p': append_port(generator); break;
	case 'P': append_number(generator, 65536); break;
	case 'n': append_number(generator, 300); break;
	case 'N': append_number(generator, UINT32_MAX); break;
	case 's': append_number(generator, 100000); break;
	case 'h': snprintf(text, sizeof(text), "0x%x", pick(generator, 65536)); append_text(generator, text); break;
	case 'a': append_address(generator, 0); break;
	case 'A': append_address(generator, 1); break;
	case 'm': append_mark(generator); break;
	case 'w': append_text(generator, ONE_OF(generator, words)); break;
	case 'x': append_text(generator, ONE_OF(generator, hex_strings)); break;
	case 'q': append_text(generator, ONE_OF(generator, quoted)); break;
	case 'i': append_text(generator, ONE_OF(generator, interfaces)); break;
	}
}

/* The end of what `open` began: the matching `close`. */
static const char *find_end(const char *text, char open, char close)
{
	int depth = 0;

	for (; *text; text++) {
		if (*text == open)
			depth++;
		else if (*text == close && --depth == 0)
			return text;
	}
	abort();
}

static void expand(struct generator *generator, const char *text, size_t len);

/* One of the alternatives between two braces. */
static void expand_choice(struct generator *generator, const char *text, size_t len)
{
	const char *starts[80];
	size_t n = 0, chosen;
	int depth = 0;

	starts[n++] = text;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '{' || text[i] == '[')
			depth++;
		else if (text[i] == '}' || text[i] == ']')
			depth--;
		else if (text[i] == '|' && !depth && n < 79)
			starts[n++] = text + i + 1;
	}
	starts[n] = text + len + 1;
	chosen = pick(generator, (uint32_t)n);
	expand(generator, starts[chosen], (size_t)(starts[chosen + 1] - 1 - starts[chosen]));
}

static void expand(struct generator *generator, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *end;

		switch (text[i]) {
		case '{':
			end = find_end(text + i, '{', '}');
			expand_choice(generator, text + i + 1, (size_t)(end - text) - i - 1);
			i = (size_t)(end - text);
			break;
		case '[':
			end = find_end(text + i, '[', ']');
			if (chance(generator, 50))
				expand(generator, text + i + 1, (size_t)(end - text) - i - 1);
			i = (size_t)(end - text);
			break;
		case '(':
			append_text(generator, "[");
			break;
		case ')':
			append_text(generator, "]");
			break;
		case '^':
			append_text(generator, chance(generator, 30) ? "! " : "");
			break;
		case '$':
			append_value(generator, text[++i]);
			break;
		default:
			append(generator, text + i, 1);
		}
	}
}

#define RANGE(v) "{" v "|" v ":" v "|:" v "|" v ":}"

static const struct template matches[] = {
	{ 0, "", "-p tcp -m tcp[ ^--{sport|source-port} " RANGE("$p") "][ ^--{dport|destination-port} " RANGE("$p") "][ ^{--syn|--tcp-flags {SYN,ACK SYN|ALL NONE|FIN,RST RST}}][ ^--tcp-option $n]" },
	{ 0, "", "-p udp -m udp[ ^--{sport|source-port} " RANGE("$p") "][ ^--{dport|destination-port} " RANGE("$p") "]" },
	{ 0, "", "-p {tcp|udp|sctp|udplite} -m multiport ^--{sports|source-ports|dports|destination-ports|ports} {$P|$P,$P|$P:$P,$P|$P,$P,$P,$P,$P}" },
	{ 4, "", "-p icmp -m icmp[ ^--icmp-type {any|8|3/4|echo-request|redirect|$n|$n/$n|host-unreachable}]" },
	{ 6, "", "-p ipv6-icmp -m icmp6[ ^--icmpv6-type {128|1/4|echo-request|packet-too-big|$n|$n/$n}]" },
	{ 0, "", "-p sctp -m sctp[ ^--{sport|source-port} " RANGE("$P") "][ ^--{dport|destination-port} " RANGE("$P") "][ ^--chunk-types {any|all|only} {DATA|INIT,ABORT|DATA:Be|ALL|SACK,foo}]" },
	{ 0, "", "-p dccp -m dccp[ ^--{sport|source-port} " RANGE("$p") "][ ^--{dport|destination-port} " RANGE("$p") "][ ^--dccp-types {REQUEST|DATA,ACK|INVALID|foo}][ ^--dccp-option $n]" },
	{ 0, "", "-p esp -m esp[ ^--espspi " RANGE("$N") "]" },
	{ 4, "", "-p ah -m ah[ ^--ahspi " RANGE("$N") "]" },
	{ 6, "", "-m ah[ ^--ahspi " RANGE("$N") "][ ^--ahlen $n][ --ahres]" },
	{ 0, "", "-p ipcomp -m ipcomp[ ^--ipcompspi " RANGE("$N") "][ --compres]" },
	{ 6, "", "-m frag[ ^--fragid " RANGE("$N") "][ ^--fraglen $n][ --fragres][ --fragfirst][ {--fragmore|--fraglast}]" },
	{ 6, "", "-m {hbh[ ^--hbh-len $n][ --hbh-opts {$n|$n:$n,$n|5:2,1}]|dst[ ^--dst-len $n][ --dst-opts {$n|$n:$n,$n|5:2,1}]}" },
	{ 6, "", "-m ipv6header[ ^--header {hop|dst,route|frag,auth,esp|none,prot|foo|0,60}][ --soft]" },
	{ 6, "", "-p ipv6-mh -m mh[ ^--mh-type " RANGE("{$n|bu|binding-error}") "]" },
	{ 6, "", "-m rt[ ^--rt-type {0|2|$n}][ ^--rt-segsleft " RANGE("$n") "][ ^--rt-len $n][ --rt-0-res][ --rt-0-addrs {$a|$a,$a|$a,$a,$a}][ --rt-0-not-strict]" },
	{ 6, "", "-m srh[ ^--srh-next-hdr $n][ ^--srh-hdr-len-{eq|gt|lt} $n][ ^--srh-segs-left-{eq|gt|lt} $n][ ^--srh-last-entry-{eq|gt|lt} $n][ ^--srh-tag $n][ ^--srh-psid $A][ ^--srh-nsid $A][ ^--srh-lsid $A]" },
	{ 6, "", "-m eui64" },
	{ 0, "", "-m {state ^--state|conntrack ^--ctstate} {NEW|ESTABLISHED,RELATED|INVALID|UNTRACKED|SNAT|NEW,foo}" },
	{ 0, "", "-m conntrack[ ^--ctproto {6|tcp|$n}][ ^--ctorig{src|dst} $A][ ^--ctrepl{src|dst} $A][ ^--ctstatus {ASSURED|NONE|EXPECTED,SEEN_REPLY|foo}][ --ctdir {ORIGINAL|REPLY}][ ^--ctexpire " RANGE("$s") "]" },
	{ 0, "", "-p {tcp|udp} -m conntrack ^--ct{orig|repl}{src|dst}port " RANGE("$p") },
	{ 0, "", "-m connbytes ^--connbytes {$s|$s:|:$s|$s:$s} --connbytes-dir {original|reply|both} --connbytes-mode {packets|bytes|avgpkt}" },
	{ 0, "", "-m connlimit {^--connlimit-above $n|^--connlimit-upto $n}[ --connlimit-mask {$n|24|0|255.255.0.0}][ --connlimit-{saddr|daddr}]" },
	{ 0, "", "-m connmark ^--mark $m" },
	{ 0, "", "-m mark ^--mark $m" },
	{ 0, "", "-m limit[ --limit {$n|$n/s|$n/second|$n/minute|$n/hour|$n/day|$n/foo}][ --limit-burst $n]" },
	{ 0, "", "-m hashlimit {--hashlimit-upto|^--hashlimit-above|--hashlimit} {$n/s|$n/min|$n/hour|$n/day|$nkb/s|$nb/s} --hashlimit-name $w[ --hashlimit-mode {srcip|dstip,dstport|srcip,srcport|foo}][ --hashlimit-burst {$n|$nkb}][ --hashlimit-htable-{expire|size|max|gcinterval} $s][ --hashlimit-srcmask $n][ --hashlimit-dstmask $n][ --hashlimit-rate-match][ --hashlimit-rate-interval $n]" },
	{ 0, "", "-m recent {--set|^--rcheck|^--update|^--remove}[ --seconds $s][ --hitcount $n][ --rttl][ --name $w][ --{rsource|rdest}][ --mask {$a|255.255.255.0|ffff:ffff::}][ --reap]" },
	{ 0, "", "-m quota ^--quota $N" },
	{ 0, "", "-m statistic --mode {random ^--probability {0.5|1|0|0.33|$n}|nth ^--every $n --packet $n}" },
	{ 0, "", "-m string --algo {bm|kmp|foo} ^--{string $q|hex-string $x}[ --from $n][ --to $s][ --icase]" },
	{ 4, "", "-m ttl {^--ttl-eq|^--ttl|--ttl-lt|--ttl-gt} $n" },
	{ 6, "", "-m hl {^--hl-eq|^--hl|--hl-lt|--hl-gt} $n" },
	{ 0, "", "-m tos ^--tos {$n|$h/0xff|Minimize-Delay|foo}" },
	{ 0, "", "-m dscp ^--{dscp $n|dscp-class {EF|AF11|CS7|foo}}" },
	{ 0, "", "-p tcp -m ecn[ ^--ecn-tcp-cwr][ ^--ecn-tcp-ece][ ^--ecn-ip-ect {0|1|2|3|$n}]" },
	{ 4, "", "-m addrtype[ ^--src-type {LOCAL|UNICAST,BROADCAST|foo}][ ^--dst-type {MULTICAST|LOCAL}][ --limit-iface-{in|out}]" },
	{ 6, "", "-m addrtype[ ^--src-type {LOCAL|UNICAST|BROADCAST}][ ^--dst-type {MULTICAST|LOCAL}][ --limit-iface-{in|out}]" },
	{ 0, "", "-m iprange ^--{src|dst}-range {$a|$a-$a}" },
	{ 0, "", "-m mac ^--mac-source {00:11:22:33:44:55|0:1:2:3:4:5|foo|00:11:22:33:44}" },
	{ 0, "", "-m pkttype ^--pkt-type {unicast|broadcast|multicast|foo}" },
	{ 0, "", "-m length ^--length " RANGE("$n") },
	{ 0, "", "-m u32 ^--u32 \"{$n=$n|$n&$h=$n:$n,$N|0>>22&0x3C@$n>>$n=$h&&$n=0|$n<<$n=1}\"" },
	{ 0, "", "-m bpf --bytecode \"{4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0|1,6 0 0 $N|2,40 0 0 $n,22 0 0 0|2,$n 0 0 $n,6 0 0 1|3,6 0 0 1}\"" },
	{ 0, "", "-m time[ --timestart {10:00|23:59:59|$n:00}][ --timestop {12:00|$n}][ ^--weekdays {Mon,Tue|1,7|8}][ ^--monthdays {1,31|32}][ --datestart {2020-01-01|2020-02-30T01:02:03}][ --datestop {2021-01-01|2021-13-01|2020-12-31T23:59:59}][ --{kerneltz|localtz|utc}][ --contiguous]" },
	{ 0, "", "-p tcp -m tcpmss ^--mss " RANGE("$s") },
	{ 0, "", "-m comment --comment $q" },
	{ 0, "", "-m helper ^--helper {ftp|$q}" },
	{ 0, "", "-m cluster --cluster-total-nodes $n ^--cluster-local-node{ $n|mask $n} --cluster-hash-seed $N" },
	{ 0, "filter mangle OUTPUT", "-m owner[ ^--uid-owner {$s|$n-$s|root}][ ^--gid-owner {$s|$n-$s}][ ^--socket-exists][ --suppl-groups]" },
	{ 0, "filter mangle", "-m cgroup ^--cgroup $N" },
	{ 0, "mangle", "-m socket[ --transparent][ --nowildcard][ --restore-skmark]" },
	{ 0, "raw mangle", "-m rpfilter[ --loose][ --validmark][ --accept-local][ --invert]" },
	{ 0, "", "-m physdev[ ^--physdev-in $i][ ^--physdev-out $i][ ^--physdev-is-in][ ^--physdev-is-out][ ^--physdev-is-bridged]" },
	{ 0, "", "-m devgroup[ ^--src-group $m][ ^--dst-group $m]" },
	{ 4, "", "-m realm ^--realm {$m|cosmos}" },
	{ 0, "", "-m cpu ^--cpu $n" },
	{ 4, "", "-p tcp -m osf ^--genre $w[ --ttl {0|1|2|$n}][ --log {0|1|2|$n}]" },
	{ 0, "", "-m policy --dir {in|out}[ --pol {none|ipsec}][ --strict][ ^--reqid $n][ ^--spi $h][ ^--proto {ah|esp|tcp}][ ^--mode {tunnel|transport}][ ^--tunnel-src $A][ ^--tunnel-dst $A][ --next ^--reqid $n]" },
	{ 0, "", "-m connlabel ^--label {0|5|127|128|0x10|010|abc|-1|5x}[ --set]" },
	{ 0, "", "-m rateest --rateest RE {--rateest-lt|^--rateest-gt|^--rateest-eq} {--rateest-bps {$n|$nkbit|$nmbit|$nKBps|$nfoo}|--rateest-pps $n}" },
	{ 0, "", "-m rateest --rateest1 RE[ --rateest-delta][ --rateest-bps1 $nbit][ --rateest-pps1 $n] {--rateest-lt|^--rateest-gt|^--rateest-eq} --rateest2 RE[ --rateest-bps2 $nkbit][ --rateest-pps2 $n]" },
	{ 0, "", "-m nfacct --nfacct-name acc" },
	{ 0, "", "-m set ^--{match-set|match-set|set} {foo {src|dst|src,src}|bar {src,dst|dst,dst|src}|$w src}[ --return-nomatch][ ^--update-counters][ ^--update-subcounters][ ^--packets-eq $n][ --packets-{lt|gt} $n][ ^--bytes-eq $n][ --bytes-{lt|gt} $n]" },
};

static const struct template targets[] = {
	{ 0, "", "-j {ACCEPT|DROP|RETURN|ACCEPT|DROP}" },
	{ 0, "", "" },
	{ 0, "filter", "-j REJECT[ --reject-with {tcp-reset|icmp-port-unreachable|icmp-admin-prohibited|icmp6-no-route|icmp6-adm-prohibited|icmp-host-prohib|foo}]" },
	{ 0, "", "-j LOG[ --log-prefix $q][ --log-level {debug|warning|$n}][ --log-tcp-sequence][ --log-tcp-options][ --log-ip-options][ --log-uid][ --log-macdecode]" },
	{ 0, "", "-j NFLOG[ --nflog-group $n][ --nflog-prefix $q][ --nflog-{size|range} $s][ --nflog-threshold $n]" },
	{ 0, "", "-j NFQUEUE[ --queue-{num $n|balance $n:$n}][ --queue-bypass][ --queue-cpu-fanout]" },
	{ 0, "", "-j MARK --{set-mark $m|set-xmark $m|and-mark $N|or-mark $N|xor-mark $N}" },
	{ 0, "", "-j CONNMARK --{set-mark $m|set-xmark $m|save-mark[ --nfmask $N --ctmask $N]|restore-mark[ --mask $N]|and-mark $N|or-mark $N|xor-mark $N}[ --{left|right}-shift-mark $n]" },
	{ 0, "mangle", "-j TOS --{set-tos {$n|$h/0xff|Minimize-Cost}|and-tos $n|or-tos $n|xor-tos $n}" },
	{ 0, "mangle", "-j DSCP --{set-dscp $n|set-dscp-class {EF|AF43|foo}}" },
	{ 4, "mangle", "-j TTL --ttl-{set|dec|inc} $n" },
	{ 6, "mangle", "-j HL --hl-{set|dec|inc} $n" },
	{ 4, "mangle", "-p tcp -j ECN[ --ecn-tcp-remove][ --ecn-tcp-{ece|cwr} {0|1|2}][ --ecn-ip-ect {0|1|3}]" },
	{ 0, "mangle", "-j CLASSIFY --set-class {1:20|ffff:0|$n}" },
	{ 0, "mangle", "-j CHECKSUM[ --checksum-fill]" },
	{ 0, "mangle", "-p tcp -j TCPOPTSTRIP[ --strip-options {wscale|sack,timestamp|$n|$n,$n|md5,foo}]" },
	{ 0, "mangle filter", "-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --{set-mss $s|clamp-mss-to-pmtu}" },
	{ 0, "raw", "-j {CT[ --notrack][ --zone $n][ --zone-{orig|reply} $n][ --ctevents {new,destroy|foo}][ --expevents {new|foo}][ --helper {ftp|$w}]|NOTRACK|TRACE}" },
	{ 4, "nat", "[-p {tcp|udp} ]-j SNAT --to-source {$a|$a-$a|$a:$p|$a:$p-$p}[ --random][ --random-fully][ --persistent]" },
	{ 4, "nat", "[-p {tcp|udp} ]-j DNAT --to-destination {$a|$a-$a|$a:$p|:$p|$a:$p-$p|$a:$p-$p/$p}[ --random][ --persistent]" },
	{ 6, "nat", "[-p tcp ]-j {SNAT --to-source {$a|$a-$a|($a):$p}[ --random-fully]|DNAT --to-destination {$a|$a-$a|($a):$p}}[ --random][ --persistent]" },
	{ 0, "nat", "[-p tcp ]-j {MASQUERADE[ --random-fully]|REDIRECT}[ --to-ports {$p|$p-$p}][ --random]" },
	{ 0, "nat", "-j NETMAP --to $A" },
	{ 0, "", "-j AUDIT --type {accept|drop|reject|foo}" },
	{ 0, "", "-j TEE --gateway $a[ --oif $i]" },
	{ 0, "mangle security", "-j CONNSECMARK --{save|restore}" },
	{ 0, "", "-j IDLETIMER --timeout $s --label $w" },
	{ 0, "filter", "-p tcp -j SYNPROXY[ --sack-perm][ --timestamp][ --wscale $n][ --mss $s][ --ecn]" },
	{ 0, "", "-j HMARK[ --hmark-tuple {src,dst|ct,src|sport,dport,proto|spi|foo}][ --hmark-{src|dst}-prefix $n][ --hmark-proto-mask $h]{[ --hmark-sport-mask $h][ --hmark-dport-mask $h]|[ --hmark-sport $P][ --hmark-dport $P]|[ --hmark-spi-mask $h]|[ --hmark-spi $h]} --hmark-rnd $N --hmark-mod $s[ --hmark-offset $n]" },
	{ 0, "", "-j RATEEST --rateest-name $w --rateest-interval {250ms|1s|2.5s|3m} --rateest-ewmalog {1s|20s|5ms|7}" },
	{ 6, "mangle", "-j {SNPT|DNPT} --src-pfx {$A|fd00::/48|2001:db8::/64|::/0} --dst-pfx {$A|fd01::/56|::/0}" },
	{ 0, "mangle", "-p {tcp|udp} -j TPROXY[ --on-port $p][ --on-ip $a][ --tproxy-mark $m]" },
	{ 0, "", "-j SET --{add-set|del-set|map-set} {foo {src|dst|src,src}|bar {src,dst|dst}}[ --exist][ --timeout $n][ --map-{mark|prio|queue}]" },
	{ 0, "", "-j QUEUE" },
};

enum { N_MATCHES = sizeof(matches) / sizeof(matches[0]), N_TARGETS = sizeof(targets) / sizeof(targets[0]) };

static const char *const generic[] = { "^-s $A ", "^-d $A ", "^-i $i ", "^-o $i ", "^-p {tcp|udp|icmp|$n} ", "-m comment --comment $q " };

static const struct { const char *table, *chains[5]; unsigned n_chains; } tables[] = {
	{ "filter", { "INPUT", "FORWARD", "OUTPUT" }, 3 }, { "mangle", { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" }, 5 },
	{ "nat", { "PREROUTING", "OUTPUT", "POSTROUTING", "INPUT" }, 4 }, { "raw", { "PREROUTING", "OUTPUT" }, 2 },
	{ "security", { "INPUT", "FORWARD", "OUTPUT" }, 3 },
};

enum { N_TABLES = sizeof(tables) / sizeof(tables[0]) };

static const struct template *choose(struct generator *generator, const struct template *templates, uint32_t n)
{
	const struct template *template;

	do
		template = &templates[pick(generator, n)];
	while (template->family && template->family != generator->family && !chance(generator, 3));
	return template;
}

/* A table that the template likes, mostly. */
static unsigned choose_table(struct generator *generator, const char *liked)
{
	unsigned table;

	do
		table = chance(generator, 50) ? 0 : pick(generator, N_TABLES);
	while (liked[0] && !strstr(liked, tables[table].table) && !chance(generator, 4));
	return table;
}

static void expand_text(struct generator *generator, const char *text)
{
	expand(generator, text, strlen(text));
}

static void print_line(struct generator *generator, const struct template *match, const struct template *target)
{
	unsigned table = choose_table(generator, target->tables[0] ? target->tables : match->tables);
	const char *chain = tables[table].chains[pick(generator, tables[table].n_chains)];
	int has_rate = strstr(match->text, "rateest") != NULL;

	generator->len = 0;
	generator->line[0] = '\0';
	if (chance(generator, 15))
		expand_text(generator, generic[pick(generator, sizeof(generic) / sizeof(generic[0]))]);
	expand_text(generator, match->text);
	append_text(generator, target->text[0] ? " " : "");
	expand_text(generator, target->text);
	printf("%s\t%s\t%s\t%s\t%s\n", generator->family == 4 ? "ipv4" : "ipv6", tables[table].table, chain, generator->line,
	       has_rate ? "-j RATEEST --rateest-name RE --rateest-interval 250ms --rateest-ewmalog 500ms" : "-");
}

int main(int argc, char **argv)
{
	static const struct template no_target = { 0, "", "" }, no_match = { 0, "", "" };
	struct generator generator;
	unsigned long n;

	if (argc != 3) {
		fprintf(stderr, "usage: rule_lines SEED N\n");
		return 2;
	}
	random_init(&generator.random, strtoull(argv[1], NULL, 10));
	n = strtoul(argv[2], NULL, 10);
	while (n--) {
		const struct template *match = &no_match, *target = &no_target;

		generator.family = chance(&generator, 60) ? 4 : 6;
		if (chance(&generator, 75))
			match = choose(&generator, matches, N_MATCHES);
		if (match == &no_match || chance(&generator, 35))
			target = choose(&generator, targets, N_TARGETS);
		print_line(&generator, match, target);
	}
	return 0;
}
