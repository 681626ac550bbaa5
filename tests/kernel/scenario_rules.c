/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rulesets, as iptables-save prints them: templates of what people write, salted with random rules.
 * Rules are collected in lists, one a chain, so that salt can fall anywhere.
 */
#include <stdarg.h>
#include <string.h>

#include "scenario.h"

enum { MOST_RULES = 40, MOST_CHAINS = 24, MOST_TEXT = 240 };

struct chain {
	const char *table, *name;
	const char *policy;	/* "-": a user chain */
	char rules[MOST_RULES][MOST_TEXT];
	size_t n_rules;
};

struct writer {
	struct scenario *scenario;
	int family;
	struct chain chains[MOST_CHAINS];
	size_t n_chains;
};

static struct chain *find_chain(struct writer *writer, const char *table, const char *name)
{
	for (size_t i = 0; i < writer->n_chains; i++)
		if (strcmp(writer->chains[i].table, table) == 0 && strcmp(writer->chains[i].name, name) == 0)
			return &writer->chains[i];
	return NULL;
}

static struct chain *add_chain(struct writer *writer, const char *table, const char *name, const char *policy)
{
	struct chain *chain = &writer->chains[writer->n_chains++];

	chain->table = table;
	chain->name = name;
	chain->policy = policy;
	chain->n_rules = 0;
	return chain;
}

/* What a plain scenario does without. */
static bool is_special(const char *text)
{
	static const char *const words[] = { "connmark", "CONNMARK", "-m tos", "-m dscp", "-m tcpmss" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

__attribute__((format(printf, 4, 5)))
static void rule(struct writer *writer, const char *table, const char *name, const char *format, ...)
{
	struct chain *chain = find_chain(writer, table, name);
	va_list arguments;

	if (!chain || chain->n_rules == MOST_RULES)
		return;
	va_start(arguments, format);
	vsnprintf(chain->rules[chain->n_rules], MOST_TEXT, format, arguments);
	va_end(arguments);
	if (!writer->scenario->is_plain || !is_special(chain->rules[chain->n_rules]))
		chain->n_rules++;
}

static bool maybe(struct writer *writer, unsigned percent)
{
	return chance(writer->scenario, percent);
}

static const char *one_of(struct writer *writer, const char *const *choices, uint32_t n)
{
	return choices[pick(writer->scenario, n)];
}

#define ONE_OF(writer, choices) one_of(writer, choices, sizeof(choices) / sizeof(choices[0]))

static const char *subnet(const struct writer *writer)
{
	return writer->family == 4 ? "10.0.0.0/24" : "fd00::/64";
}

static const char *host_address(const struct writer *writer)
{
	return writer->family == 4 ? "10.0.0.1/32" : "fd00::1/128";
}

static const char *icmp(const struct writer *writer)
{
	return writer->family == 4 ? "icmp" : "ipv6-icmp";
}

static const char *icmp_match(struct writer *writer)
{
	static const char *const choices4[] = { "-p icmp -m icmp --icmp-type 8", "-p icmp -m icmp ! --icmp-type 8", "-p icmp -m icmp --icmp-type 3/3",
						"-p icmp -m icmp --icmp-type 3", "-p icmp -m icmp --icmp-type any", "-p icmp", "-p icmp -m icmp --icmp-type 0" };
	static const char *const choices6[] = { "-p ipv6-icmp -m icmp6 --icmpv6-type 128", "-p ipv6-icmp -m icmp6 --icmpv6-type 135",
						"-p ipv6-icmp -m icmp6 ! --icmpv6-type 129", "-p ipv6-icmp -m icmp6 --icmpv6-type 1/4", "-p ipv6-icmp" };

	return writer->family == 4 ? ONE_OF(writer, choices4) : ONE_OF(writer, choices6);
}

static const char *established(struct writer *writer)
{
	static const char *const choices[] = { "-m state --state RELATED,ESTABLISHED", "-m conntrack --ctstate RELATED,ESTABLISHED",
					       "-m conntrack --ctstate ESTABLISHED", "-m conntrack ! --ctstate INVALID,NEW",
					       "-m conntrack --ctstate RELATED,ESTABLISHED,UNTRACKED" };

	return ONE_OF(writer, choices);
}

static const char *rejection(struct writer *writer, bool is_tcp)
{
	static const char *const choices4[] = { "REJECT --reject-with icmp-port-unreachable", "REJECT --reject-with icmp-host-unreachable",
						"REJECT --reject-with icmp-admin-prohibited", "REJECT --reject-with icmp-net-unreachable",
						"REJECT --reject-with icmp-proto-unreachable" };
	static const char *const choices6[] = { "REJECT --reject-with icmp6-port-unreachable", "REJECT --reject-with icmp6-adm-prohibited",
						"REJECT --reject-with icmp6-no-route", "REJECT --reject-with icmp6-addr-unreachable" };

	if (is_tcp && maybe(writer, 55))
		return "REJECT --reject-with tcp-reset";
	return writer->family == 4 ? ONE_OF(writer, choices4) : ONE_OF(writer, choices6);
}

/* A random match of any kind, valid in INPUT, FORWARD and OUTPUT of filter. */
static const char *salt_match(struct writer *writer, bool is_inbound, bool *is_tcp)
{
	static const char *const any[] = {
		"-m conntrack --ctstate INVALID", "-m conntrack --ctstate NEW", "-m conntrack ! --ctstate NEW", "-m state --state INVALID",
		"-m conntrack --ctstate RELATED", "-m conntrack --ctstate UNTRACKED", "-m state ! --state ESTABLISHED",
		"-m conntrack --ctstatus ASSURED", "-m conntrack ! --ctstatus ASSURED", "-m conntrack --ctstatus SEEN_REPLY",
		"-m conntrack ! --ctstatus SEEN_REPLY", "-m conntrack --ctstatus CONFIRMED", "-m conntrack --ctstatus NONE",
		"-m conntrack --ctproto 6", "-m conntrack ! --ctproto 17", "-m conntrack --ctproto 1", "-m conntrack --ctdir REPLY",
		"-m conntrack --ctdir ORIGINAL", "-m conntrack --ctstate ESTABLISHED --ctdir REPLY", "-m conntrack --ctorigdstport 80",
		"-m conntrack --ctorigsrcport 1024:20000", "-m conntrack ! --ctorigdstport 53", "-m conntrack --ctreplsrcport 80:443",
		"-m conntrack --ctstate NEW --ctproto 6 --ctorigdstport 22", "-m length --length 0:60", "-m length --length 40",
		"-m length ! --length 100:300", "-m mark --mark 0x1", "-m mark ! --mark 0x0", "-m mark --mark 0x2/0xf", "-m connmark --mark 0x1",
		"-m connmark ! --mark 0x0", "-m tos --tos 0x10/0xff", "-m dscp --dscp 0x04", "-m comment --comment \"nothing in it\"" };
	static const char *const tcp[] = {
		"-p tcp -m tcp --dport 80", "-p tcp -m tcp ! --dport 22", "-p tcp -m tcp --sport 1024:65535 --dport 22",
		"-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN", "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW",
		"-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE", "-p tcp -m tcp --tcp-flags SYN,FIN SYN,FIN",
		"-p tcp -m tcp --tcp-flags RST RST", "-p tcp -m tcp --tcp-option 4", "-p tcp -m multiport --dports 22,80,443",
		"-p tcp -m multiport ! --ports 80,5000", "-p tcp -m multiport --sports 1024:30000,40000:50000", "-p tcp -m tcpmss --mss 1000:1500" };
	static const char *const udp[] = { "-p udp -m udp --dport 53", "-p udp -m udp --sport 53", "-p udp -m udp ! --sport 1024:65535",
					   "-p udp -m multiport --dports 53,123,5353", "-p udp -m multiport --ports 53,161", "-p udp" };
	uint32_t kind = pick(writer->scenario, 100);

	*is_tcp = false;
	if (kind < 40)
		return ONE_OF(writer, any);
	if (kind < 62) {
		*is_tcp = true;
		return ONE_OF(writer, tcp);
	}
	if (kind < 76)
		return ONE_OF(writer, udp);
	if (kind < 84)
		return icmp_match(writer);
	if (kind < 92) {
		static const char *const only4[] = { "-m ttl --ttl-eq 63", "-m ttl --ttl-lt 64", "-m ttl --ttl-gt 64", "-m addrtype --dst-type LOCAL",
						     "-m addrtype --dst-type BROADCAST", "-m addrtype ! --src-type LOCAL",
						     "-m addrtype --dst-type MULTICAST,BROADCAST", "-m addrtype --src-type UNICAST",
						     "-m iprange --src-range 10.0.0.2-10.0.0.100", "-m iprange ! --dst-range 10.0.0.0-10.0.0.9",
						     "-s 10.0.0.0/24", "! -s 10.0.0.0/24", "-d 198.51.100.0/24", "! -d 192.168.1.0/24",
						     "-m conntrack --ctorigdst 10.0.0.1", "-m conntrack --ctorigsrc 10.0.0.0/24",
						     "-m conntrack ! --ctreplsrc 10.0.0.1", "-m conntrack --ctrepldst 10.0.0.1" };
		static const char *const only6[] = { "-m hl --hl-eq 64", "-m hl --hl-lt 64", "-m hl --hl-gt 64", "-s fd00::/64", "! -s fd00::/64",
						     "-d 2001:db8::/32", "-m iprange --src-range fd00::1-fd00::10", "-m conntrack --ctorigdst fd00::1",
						     "-m conntrack ! --ctreplsrc fd00::1", "-m addrtype --dst-type LOCAL" };

		return writer->family == 4 ? ONE_OF(writer, only4) : ONE_OF(writer, only6);
	}
	if (is_inbound) {
		static const char *const inbound[] = { "-m mac --mac-source 02:aa:00:00:00:10", "-m mac ! --mac-source 02:aa:00:00:00:13",
						       "-m pkttype --pkt-type unicast", "-m pkttype --pkt-type multicast",
						       "-m pkttype --pkt-type broadcast", "-i eth0", "! -i eth0", "-i eth+" };

		return ONE_OF(writer, inbound);
	}
	return "";
}

static const char *salt_target(struct writer *writer, bool is_tcp, const char *user_chain)
{
	uint32_t kind = pick(writer->scenario, 100);

	if (kind < 25)
		return "-j ACCEPT";
	if (kind < 42)
		return "-j DROP";
	if (kind < 52) {
		static char text[80];

		snprintf(text, sizeof(text), "-j %s", rejection(writer, is_tcp));
		return text;
	}
	if (kind < 64)
		return "-j LOG --log-prefix \"seen: \"";
	if (kind < 74)
		return "";
	if (user_chain && kind < 90) {
		static char text[80];

		snprintf(text, sizeof(text), "%s %s", maybe(writer, 75) ? "-j" : "-g", user_chain);
		return text;
	}
	return "-j RETURN";
}

static void salt_chain(struct writer *writer, const char *name, const char *user_chain)
{
	bool is_inbound = strcmp(name, "OUTPUT") != 0 && strcmp(name, "side") != 0 && strcmp(name, "deep") != 0;
	bool is_tcp;
	const char *match = salt_match(writer, is_inbound, &is_tcp);

	rule(writer, "filter", name, "%s %s", match, salt_target(writer, is_tcp, user_chain));
}

static void salt(struct writer *writer, const char *name, unsigned most)
{
	for (unsigned n = pick(writer->scenario, most + 1); n > 0; n--)
		salt_chain(writer, name, find_chain(writer, "filter", "side") ? "side" : NULL);
}

static void last_word(struct writer *writer, const char *name)
{
	if (maybe(writer, 25))
		rule(writer, "filter", name, "-j LOG --log-prefix \"end: \" --log-level 4");
	if (maybe(writer, 45)) {
		rule(writer, "filter", name, "-p tcp -j REJECT --reject-with tcp-reset");
		if (maybe(writer, 60))
			rule(writer, "filter", name, "-j %s", rejection(writer, false));
	}
}

static void write_server(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-i lo -j ACCEPT");
	if (maybe(writer, 50))
		rule(writer, "filter", name, "-m conntrack --ctstate INVALID -j DROP");
	salt(writer, name, 2);
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	rule(writer, "filter", name, "-p tcp -m multiport --dports 22,80,443 -m conntrack --ctstate NEW%s -j ACCEPT",
	     maybe(writer, 50) ? " -m tcp --tcp-flags FIN,SYN,RST,ACK SYN" : "");
	rule(writer, "filter", name, "-p udp -m udp --dport 53 -j ACCEPT");
	rule(writer, "filter", name, "%s -j ACCEPT", icmp_match(writer));
	salt(writer, name, 3);
	last_word(writer, name);
}

static void write_workstation(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	salt(writer, name, 2);
	rule(writer, "filter", name, "-s %s -p tcp -m tcp --dport 22 -j ACCEPT", subnet(writer));
	rule(writer, "filter", name, "-p %s -j ACCEPT", icmp(writer));
	last_word(writer, name);
}

static void write_strict_states(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-m state --state INVALID -j LOG --log-prefix \"invalid \"");
	rule(writer, "filter", name, "-m state --state INVALID -j %s", maybe(writer, 50) ? "DROP" : rejection(writer, false));
	rule(writer, "filter", name, "-p tcp -m conntrack --ctstate ESTABLISHED -j ACCEPT");
	rule(writer, "filter", name, "-p udp -m conntrack --ctstate ESTABLISHED -j ACCEPT");
	rule(writer, "filter", name, "-m state --state RELATED -j ACCEPT");
	rule(writer, "filter", name, "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j %s",
	     maybe(writer, 50) ? "DROP" : "REJECT --reject-with tcp-reset");
	salt(writer, name, 3);
	rule(writer, "filter", name, "-m state --state NEW -j ACCEPT");
}

static void write_knocking(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	rule(writer, "filter", name, "-p tcp -m tcp --dport 22 -m mark --mark 0x2 -j ACCEPT");
	rule(writer, "filter", name, "-p tcp -m tcp --dport 7000:9000 -j DROP");
	salt(writer, name, 3);
	rule(writer, "filter", name, "-p tcp -m tcp --dport 80 -m connmark --mark 0x1 -j ACCEPT");
}

static void write_chains(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-p tcp -j side");
	salt(writer, name, 2);
	rule(writer, "filter", name, "-p udp -g deep");
	rule(writer, "filter", name, "-p %s -m length --length 0:90 -j side", icmp(writer));
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	salt(writer, name, 4);
	rule(writer, "filter", name, "-d %s -m conntrack --ctstate NEW -j ACCEPT", host_address(writer));
}

static void write_salt_only(struct writer *writer, const char *name)
{
	salt(writer, name, 10);
	salt_chain(writer, name, NULL);
}

static void write_logging(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-m conntrack --ctstate NEW -j LOG --log-prefix \"new \"");
	rule(writer, "filter", name, "-m conntrack --ctstate ESTABLISHED --ctdir REPLY");
	rule(writer, "filter", name, "-m conntrack --ctstatus ASSURED");
	rule(writer, "filter", name, "-m conntrack --ctstate NEW,ESTABLISHED -m addrtype --dst-type %s -j ACCEPT", maybe(writer, 70) ? "LOCAL" : "UNICAST");
	salt(writer, name, 4);
}

static void write_limited(struct writer *writer, const char *name)
{
	rule(writer, "filter", name, "-m limit --limit %u/sec --limit-burst %u -j ACCEPT", 1 + pick(writer->scenario, 2), 1 + pick(writer->scenario, 5));
	rule(writer, "filter", name, "%s -j ACCEPT", established(writer));
	salt(writer, name, 2);
}

typedef void write_function(struct writer *writer, const char *name);

static void write_filter(struct writer *writer)
{
	static write_function *const templates[] = { write_server, write_workstation, write_strict_states, write_knocking, write_chains,
						     write_salt_only, write_logging };
	static const char *const chains[] = { "INPUT", "FORWARD", "OUTPUT" };

	for (size_t i = 0; i < 3; i++)
		add_chain(writer, "filter", chains[i], maybe(writer, i == 2 ? 15 : 60) ? "DROP" : "ACCEPT");
	add_chain(writer, "filter", "side", "-");
	add_chain(writer, "filter", "deep", "-");
	for (unsigned n = 1 + pick(writer->scenario, 4); n > 0; n--)
		salt_chain(writer, "side", "deep");
	for (unsigned n = 1 + pick(writer->scenario, 3); n > 0; n--)
		salt_chain(writer, "deep", NULL);
	for (size_t i = 0; i < 2; i++) {
		if (writer->scenario->sleeps)
			write_limited(writer, chains[i]);
		else
			templates[pick(writer->scenario, sizeof(templates) / sizeof(templates[0]))](writer, chains[i]);
	}
	if (maybe(writer, 40) || strcmp(find_chain(writer, "filter", "OUTPUT")->policy, "DROP") == 0) {
		rule(writer, "filter", "OUTPUT", "%s -j ACCEPT", established(writer));
		salt(writer, "OUTPUT", 4);
		rule(writer, "filter", "OUTPUT", "-p %s -j ACCEPT", maybe(writer, 50) ? "tcp" : "udp");
	}
	if (maybe(writer, 6) && !writer->scenario->sleeps) {
		writer->scenario->exact_timers = true;
		rule(writer, "filter", "INPUT", "-m conntrack --ctexpire 0:%u -j LOG", 5 + pick(writer->scenario, 100));
		rule(writer, "filter", "INPUT", "-m conntrack --ctexpire 115:432000 -j ACCEPT");
	}
}

static void write_raw(struct writer *writer)
{
	static const char *const exempt[] = { "-p udp -m udp --dport 53", "-p udp -m udp --sport 53", "-p tcp -m tcp --dport 80", "-p tcp -m tcp --sport 80",
					      "-p tcp -m tcp --dport 443 --tcp-flags FIN,SYN,RST,ACK SYN", "-p udp -m udp --dport 5353" };

	add_chain(writer, "raw", "PREROUTING", maybe(writer, 5) ? "DROP" : "ACCEPT");
	add_chain(writer, "raw", "OUTPUT", "ACCEPT");
	for (unsigned n = 1 + pick(writer->scenario, 2); n > 0; n--)
		rule(writer, "raw", "PREROUTING", "%s -j %s", ONE_OF(writer, exempt), maybe(writer, 60) ? "CT --notrack" : "NOTRACK");
	if (maybe(writer, 50))
		rule(writer, "raw", "OUTPUT", "%s -j CT --notrack", ONE_OF(writer, exempt));
	if (maybe(writer, 30))
		rule(writer, "raw", "PREROUTING", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP");
	if (strcmp(find_chain(writer, "raw", "PREROUTING")->policy, "DROP") == 0)
		rule(writer, "raw", "PREROUTING", "-m length --length 0:200 -j ACCEPT");
}

static void write_mangle(struct writer *writer)
{
	static const char *const chains[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING" };

	for (size_t i = 0; i < 5; i++)
		add_chain(writer, "mangle", chains[i], "ACCEPT");
	rule(writer, "mangle", "PREROUTING", "-m connmark ! --mark 0x0 -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff");
	rule(writer, "mangle", "PREROUTING", "-p tcp -m tcp --dport 22 -j MARK --set-xmark 0x2/0xffffffff");
	if (maybe(writer, 60))
		rule(writer, "mangle", "PREROUTING", "-p tcp -m tcp --dport 80 -m state --state NEW -j MARK --set-xmark 0x1/0xff");
	if (maybe(writer, 60))
		rule(writer, "mangle", "PREROUTING", "-m mark ! --mark 0x0 -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff");
	if (maybe(writer, 40))
		rule(writer, "mangle", "POSTROUTING", "-m mark --mark 0x0 -m connmark --mark 0x0 -j CONNMARK --set-xmark 0x%x/0xff",
		     1 + pick(writer->scenario, 9));
	if (maybe(writer, 40))
		rule(writer, "mangle", maybe(writer, 50) ? "INPUT" : "FORWARD", "-p udp -j CONNMARK --set-xmark 0x1/0xffffffff");
	if (maybe(writer, 30))
		rule(writer, "mangle", "FORWARD", "-m conntrack --ctstate INVALID -j DROP");
	if (maybe(writer, 20))
		rule(writer, "mangle", "OUTPUT", "-p tcp -m tcp --sport 80 -j MARK --set-xmark 0x4/0xffffffff");
}

static void write_table(const struct writer *writer, const char *table, FILE *out)
{
	fprintf(out, "*%s\n", table);
	for (size_t i = 0; i < writer->n_chains; i++)
		if (strcmp(writer->chains[i].table, table) == 0)
			fprintf(out, ":%s %s [0:0]\n", writer->chains[i].name, writer->chains[i].policy);
	for (size_t i = 0; i < writer->n_chains; i++)
		for (size_t j = 0; strcmp(writer->chains[i].table, table) == 0 && j < writer->chains[i].n_rules; j++)
			fprintf(out, "-A %s %s\n", writer->chains[i].name, writer->chains[i].rules[j]);
	fprintf(out, "COMMIT\n");
}

void write_rules(struct scenario *scenario, int family, FILE *out)
{
	static struct writer writer;

	memset(&writer, 0, sizeof(writer));
	writer.scenario = scenario;
	writer.family = family;
	write_filter(&writer);
	if (chance(scenario, 35)) {
		write_raw(&writer);
		write_table(&writer, "raw", out);
	}
	if (chance(scenario, 45)) {
		write_mangle(&writer);
		write_table(&writer, "mangle", out);
	}
	write_table(&writer, "filter", out);
}
