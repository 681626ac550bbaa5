/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/timeout_policy.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "packet/packet.h"

enum { MOST_WORDS = 64, MOST_STATES = 12, LONGEST_WORD = 63 };

/* A protocol and its lifetimes, under the names that nfct has for them. */
struct policy_protocol {
	const char *name;
	uint8_t protocol;
	struct policy_state {
		const char *name;
		size_t offset;		/* in struct conntrack_settings */
	} states[MOST_STATES];
};

#define STATE(word, field) { word, offsetof(struct conntrack_settings, field) }

static const struct policy_protocol protocols[] = {
	{ "tcp", PROTOCOL_TCP, {
		STATE("syn_sent", tcp_timeout_syn_sent), STATE("syn_recv", tcp_timeout_syn_recv),
		STATE("established", tcp_timeout_established), STATE("fin_wait", tcp_timeout_fin_wait),
		STATE("close_wait", tcp_timeout_close_wait), STATE("last_ack", tcp_timeout_last_ack),
		STATE("time_wait", tcp_timeout_time_wait), STATE("close", tcp_timeout_close),
		STATE("syn_sent2", tcp_timeout_syn_sent2), STATE("retrans", tcp_timeout_max_retrans),
		STATE("unacknowledged", tcp_timeout_unacknowledged) } },
	{ "udp", PROTOCOL_UDP, { STATE("unreplied", udp_timeout), STATE("replied", udp_timeout_stream) } },
	{ "udplite", PROTOCOL_UDPLITE, { STATE("unreplied", udp_timeout), STATE("replied", udp_timeout_stream) } },
	{ "icmp", PROTOCOL_ICMP, { STATE("timeout", icmp_timeout) } },
	{ "icmpv6", PROTOCOL_ICMPV6, { STATE("timeout", icmpv6_timeout) } },
	{ "gre", PROTOCOL_GRE, { STATE("unreplied", gre_timeout), STATE("replied", gre_timeout_stream) } },
	{ "sctp", PROTOCOL_SCTP, {
		STATE("closed", sctp_timeout_closed), STATE("cookie_wait", sctp_timeout_cookie_wait),
		STATE("cookie_echoed", sctp_timeout_cookie_echoed), STATE("established", sctp_timeout_established),
		STATE("shutdown_sent", sctp_timeout_shutdown_sent), STATE("shutdown_recd", sctp_timeout_shutdown_recd),
		STATE("shutdown_ack_sent", sctp_timeout_shutdown_ack_sent) } },
	{ "dccp", PROTOCOL_DCCP, {
		STATE("request", dccp_timeout_request), STATE("respond", dccp_timeout_respond),
		STATE("partopen", dccp_timeout_partopen), STATE("open", dccp_timeout_open),
		STATE("closereq", dccp_timeout_closereq), STATE("closing", dccp_timeout_closing),
		STATE("timewait", dccp_timeout_timewait) } },
	{ "generic", 0, { STATE("timeout", generic_timeout) } },
};

enum { N_PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]) };

struct word {
	char text[LONGEST_WORD + 1];
	struct source_range where;
};

/* One line, in words. */
struct line {
	struct word words[MOST_WORDS];
	size_t n_words, next;
	struct source_range where;
	struct diagnostics *diagnostics;
};

void timeout_policies_init(struct timeout_policies *policies)
{
	policies->first = policies->last = NULL;
	map_init(&policies->names);
}

void timeout_policies_clear(struct timeout_policies *policies)
{
	for (struct timeout_policy *policy = policies->first, *next; policy; policy = next) {
		next = policy->next;
		free(policy);
	}
	map_clear(&policies->names);
	timeout_policies_init(policies);
}

const struct timeout_policy *timeout_policies_find(const struct timeout_policies *policies, const char *name)
{
	return map_find(&policies->names, name);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Splits the line at `offset`, of `len` bytes, up to a comment. False when a word or the line is too long. */
static bool split(struct line *line, const struct source *source, uint32_t offset, uint32_t len)
{
	uint32_t at = 0;

	line->n_words = line->next = 0;
	line->where = (struct source_range){ source, offset, len };
	for (;;) {
		const char *text = source->text + offset;
		uint32_t start;

		while (at < len && is_blank(text[at]))
			at++;
		if (at == len || text[at] == '#')
			return true;
		for (start = at; at < len && !is_blank(text[at]);)
			at++;
		if (line->n_words == MOST_WORDS || at - start > LONGEST_WORD) {
			diag_error(line->diagnostics, (struct source_range){ source, offset + start, at - start }, NULL,
				   "too long for a timeout policy");
			return false;
		}
		memcpy(line->words[line->n_words].text, text + start, at - start);
		line->words[line->n_words].text[at - start] = '\0';
		line->words[line->n_words++].where = (struct source_range){ source, offset + start, at - start };
	}
}

/* The next word; NULL after an error: there is none. */
static const struct word *take(struct line *line, const char *what)
{
	if (line->next < line->n_words)
		return &line->words[line->next++];
	diag_error(line->diagnostics, line->where, "nfct add timeout NAME inet tcp established 100", "%s is missing", what);
	return NULL;
}

static bool refuse(const struct line *line, const struct word *word, const char *const *names, size_t n_names,
		   const char *what)
{
	const char *nearest = diag_nearest(word->text, names, n_names);
	struct text hint;

	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	for (size_t i = 0; i < n_names && !nearest; i++)
		text_printf(&hint, "%s%s", i ? ", " : "there are ", names[i]);
	diag_error(line->diagnostics, word->where, text_string(&hint), "unknown %s \"%s\"", what, word->text);
	text_clear(&hint);
	return false;
}

static bool parse_family(struct line *line, struct timeout_policy *policy)
{
	static const char *const names[] = { "inet", "inet6" };
	const struct word *word = take(line, "the network protocol (inet, inet6)");

	if (!word)
		return false;
	if (strcmp(word->text, "inet") != 0 && strcmp(word->text, "inet6") != 0)
		return refuse(line, word, names, 2, "network protocol");
	policy->family = strcmp(word->text, "inet") == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
	return true;
}

static const struct policy_protocol *parse_protocol(struct line *line)
{
	const struct word *word = take(line, "the protocol (tcp, udp, ...)");
	const char *names[N_PROTOCOLS];

	if (!word)
		return NULL;
	for (size_t i = 0; i < N_PROTOCOLS; i++) {
		if (strcmp(protocols[i].name, word->text) == 0)
			return &protocols[i];
		names[i] = protocols[i].name;
	}
	refuse(line, word, names, N_PROTOCOLS, "protocol");
	return NULL;
}

static const struct policy_state *parse_state(struct line *line, const struct policy_protocol *protocol)
{
	const struct word *word = take(line, "a state");
	const char *names[MOST_STATES];
	size_t n = 0;

	for (; word && n < MOST_STATES && protocol->states[n].name; n++) {
		if (strcasecmp(protocol->states[n].name, word->text) == 0)
			return &protocol->states[n];
		names[n] = protocol->states[n].name;
	}
	if (word)
		refuse(line, word, names, n, "state");
	return NULL;
}

static bool parse_seconds(struct line *line, uint32_t *seconds)
{
	const struct word *word = take(line, "the time of the state, in seconds");
	unsigned long number;
	char *end;

	if (!word)
		return false;
	number = strtoul(word->text, &end, 10);
	if (*word->text < '0' || *word->text > '9' || *end || number > INT32_MAX / VTIME_DEFAULT_HZ) {
		diag_error(line->diagnostics, word->where, NULL, "\"%s\" is no number of seconds (0 to %d)", word->text,
			   INT32_MAX / VTIME_DEFAULT_HZ);
		return false;
	}
	*seconds = (uint32_t)number;
	return true;
}

static bool parse_states(struct line *line, const struct policy_protocol *protocol, struct timeout_policy *policy)
{
	do {
		const struct policy_state *state = parse_state(line, protocol);

		if (!state ||
		    !parse_seconds(line, (uint32_t *)(void *)((char *)&policy->settings + state->offset)))
			return false;
	} while (line->next < line->n_words);
	return true;
}

static bool parse_name(struct line *line, const struct timeout_policies *policies, struct timeout_policy *policy)
{
	const struct word *word = take(line, "the name of the policy");

	if (!word)
		return false;
	if (strlen(word->text) > TIMEOUT_POLICY_NAME_LONGEST) {
		diag_error(line->diagnostics, word->where, NULL, "the name of a policy has at most %d characters",
			   TIMEOUT_POLICY_NAME_LONGEST);
		return false;
	}
	if (timeout_policies_find(policies, word->text)) {
		diag_error(line->diagnostics, word->where, NULL, "there is a policy \"%s\" already", word->text);
		return false;
	}
	strcpy(policy->name, word->text);
	return true;
}

/* "nfct add timeout", "nfct timeout add", or the same without nfct. */
static bool parse_command(struct line *line)
{
	const struct word *first, *second;

	if (strcmp(line->words[0].text, "nfct") == 0)
		line->next++;
	first = take(line, "\"add timeout\"");
	second = first ? take(line, "\"add timeout\"") : NULL;
	if (!second)
		return false;
	if ((strcmp(first->text, "add") == 0 && strcmp(second->text, "timeout") == 0) ||
	    (strcmp(first->text, "timeout") == 0 && strcmp(second->text, "add") == 0))
		return true;
	diag_error(line->diagnostics, first->where, "nfct add timeout NAME inet tcp established 100",
		   "not a command that makes a timeout policy");
	return false;
}

static bool parse_line(struct line *line, struct timeout_policies *policies, const struct conntrack_settings *settings)
{
	struct timeout_policy *policy = alloc_zeroed(1, sizeof(*policy));
	const struct policy_protocol *protocol;

	policy->settings = *settings;
	if (parse_command(line) && parse_name(line, policies, policy) && parse_family(line, policy) &&
	    (protocol = parse_protocol(line)) != NULL && parse_states(line, protocol, policy)) {
		policy->protocol = protocol->protocol;
		*(policies->last ? &policies->last->next : &policies->first) = policy;
		policies->last = policy;
		map_add(&policies->names, policy->name, policy);
		return true;
	}
	free(policy);
	return false;
}

bool timeout_policies_parse(struct timeout_policies *policies, const struct source *source,
			    const struct conntrack_settings *settings, struct diagnostics *diagnostics)
{
	struct line *line = alloc_zeroed(1, sizeof(*line));
	bool is_ok = true;
	size_t at = 0;

	line->diagnostics = diagnostics;
	while (at < source->len && diag_has_room(diagnostics)) {
		const char *end = memchr(source->text + at, '\n', source->len - at);
		size_t len = end ? (size_t)(end - source->text) - at : source->len - at;

		if (!split(line, source, (uint32_t)at, (uint32_t)len))
			is_ok = false;
		else if (line->n_words)
			is_ok &= parse_line(line, policies, settings);
		at += len + 1;
	}
	free(line);
	return is_ok;
}
