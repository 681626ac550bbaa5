/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/probes.h"

enum { CHAIN_LEN = 64 };

/* A line of the trace, taken apart. */
struct trace_line {
	char table[16], chain[CHAIN_LEN];
	uint32_t number;
};

/* Targets that end a packet. */
static const struct {
	const char *target;
	enum verdict verdict;
} endings[] = {
	{ "DROP", VERDICT_DROP },
	{ "REJECT", VERDICT_REJECT },
	{ "NFQUEUE", VERDICT_QUEUE },
	{ "QUEUE", VERDICT_QUEUE },
};

static const char *point_of(const struct nflog_record *record)
{
	size_t len = strlen(PROBES_PREFIX);

	return strncmp(record->prefix, PROBES_PREFIX, len) == 0 ? record->prefix + len : NULL;
}

/* Chain names may hold colons: the table is up to the first, the number behind the last. */
static bool parse_trace(const char *prefix, struct trace_line *line)
{
	static const char start[] = "TRACE: ";
	const char *table = prefix + strlen(start), *chain, *what, *number;

	if (strncmp(prefix, start, strlen(start)) != 0 || !(chain = strchr(table, ':')) || !(number = strrchr(table, ':')))
		return false;
	for (what = number; what > chain && (what == number || *what != ':'); what--)
		;
	if (what <= chain || (size_t)(chain - table) >= sizeof(line->table) ||
	    (size_t)(what - chain) > sizeof(line->chain))
		return false;
	memcpy(line->table, table, (size_t)(chain - table));
	line->table[chain - table] = '\0';
	memcpy(line->chain, chain + 1, (size_t)(what - chain - 1));
	line->chain[what - chain - 1] = '\0';
	line->number = (uint32_t)strtoul(number + 1, NULL, 10);
	return true;
}

static const char *interface_name(const struct netns *netns, uint32_t index)
{
	const struct netns_interface *interface = netns_find_index(netns, index);

	return index == NETNS_LOOPBACK_INDEX ? NETNS_LOOPBACK : interface ? interface->name : "";
}

/*
 * The same word as the simulator's: for a packet that gets through, the filter table's last word, else the last
 * explicit rule of any other table.
 */
static void close_decision(struct path *path)
{
	bool is_filter = path->decision_table && strcmp(path->decision_table, "filter") == 0;

	if (!path->has_last)
		return;
	path->has_last = false;
	if (!is_filter && (path->is_last_policy || path->is_decided_by_filter))
		return;
	path->decided_by = path->last_rule;
	path->is_decided_by_filter = is_filter;
}

static void add_matched(struct path *path, const struct path_reader *reader, const struct rule_place *rule,
			enum hook hook)
{
	if (path->n_matched == path->capacity) {
		path->capacity = alloc_grown_capacity(path->capacity, path->n_matched + 1);
		path->matched = alloc_resize(path->matched, path->capacity, sizeof(*path->matched));
	}
	path->matched[path->n_matched++] = rule;
	if (stream_wants(reader->stream, EVENT_RULE)) {
		struct event event = { .kind = EVENT_RULE, .rule = { .rule = rule, .hook = hook } };

		stream_emit(reader->stream, &event);
	}
}

static const char *known_table(const char *name)
{
	static const char *const names[] = { "raw", "mangle", "nat", "filter", "security" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return names[i];
	return "";
}

/* Number 0, or one behind the chain's last rule: the policy, or the end of a user's chain. */
static const struct rule_place *find_rule(const struct path_reader *reader, enum family family,
					  const struct trace_line *line)
{
	return line->number ? reader->find_place(reader->rules, family, line->table, line->chain, line->number) : NULL;
}

static void take_trace(struct path *path, const struct path_reader *reader, const struct trace_line *line, enum hook hook,
		       enum family family)
{
	const struct rule_place *rule = find_rule(reader, family, line);
	const char *table = known_table(line->table);

	if (path->has_last && (path->decision_table != table || path->decision_hook != hook))
		close_decision(path);
	path->decision_table = table;
	path->decision_hook = hook;
	path->has_last = true;
	path->is_last_policy = !rule;
	path->last_rule = rule ? rule : reader->find_place(reader->rules, family, line->table, line->chain, 0);
	if (rule)
		add_matched(path, reader, rule, hook);
}

static void read_trace(struct path *path, const struct path_reader *reader, const struct nflog_record *record,
		       enum family family)
{
	struct trace_line line;

	if (parse_trace(record->prefix, &line))
		take_trace(path, reader, &line, record->hook, family);
}

/* Built-in chains are named like their hooks; user chains belong to the one before. */
static void find_hook(const char *chain, enum hook *hook)
{
	for (int i = 0; i < HOOK_COUNT; i++)
		if (strcmp(hook_name((enum hook)i), chain) == 0)
			*hook = (enum hook)i;
}

static void note_reply_rule(struct path *path, const struct path_reader *reader, const struct trace_line *line,
			    enum family family)
{
	const struct rule_place *rule = find_rule(reader, family, line);

	if (path->n_replies)
		path->replies[path->n_replies - 1].last_rule =
			rule ? rule : reader->find_place(reader->rules, family, line->table, line->chain, 0);
}

/* Out by lo, and in again? */
static bool has_looped(const struct path *path)
{
	for (size_t i = 1; i < path->n_hooks; i++)
		if (path->hooks[i] == HOOK_PREROUTING)
			return true;
	return false;
}

static bool is_of_entrance(const struct nft_trace_record *record)
{
	return strcmp(record->chain, "PREROUTING") == 0 || strcmp(record->chain, "INPUT") == 0;
}

/*
 * nf_tables tells of rules on a way of its own. The first packet is the one that was sent in, and has another number when it comes in again
 * by lo (Linux 6.18, nft_trace_init(): the interface is part of it); others are answers, and an answer's records come before that of the
 * rule which made it.
 */
static void read_nft_trace(struct path *path, const struct path_reader *reader, enum family family)
{
	const struct nft_trace *trace = reader->nft_trace;
	enum hook hook = path->n_hooks ? path->hooks[0] : HOOK_PREROUTING;
	uint32_t again = trace && trace->n_records ? trace->records[0].packet : 0;

	for (size_t i = 0; trace && i < trace->n_records; i++) {
		const struct nft_trace_record *record = &trace->records[i];
		struct trace_line line = { .number = record->number };

		if (strncmp(record->table, PROBES_TABLE, strlen(PROBES_TABLE)) == 0)
			continue;
		if (again == trace->records[0].packet && is_of_entrance(record) && has_looped(path))
			again = record->packet;
		snprintf(line.table, sizeof(line.table), "%.15s", record->table);
		snprintf(line.chain, sizeof(line.chain), "%s", record->chain);
		if (record->packet != trace->records[0].packet && record->packet != again) {
			note_reply_rule(path, reader, &line, family);
			continue;
		}
		find_hook(record->chain, &hook);
		take_trace(path, reader, &line, hook, family);
	}
}

static void enter_hook(struct path *path, const struct path_reader *reader, const struct nflog_record *record)
{
	enum hook hook = record->hook;


	if (path->n_hooks == sizeof(path->hooks) / sizeof(path->hooks[0]))
		return;
	/* The host's own broadcast leaves twice: the copy for itself first. */
	if (path->n_hooks && hook == HOOK_POSTROUTING && path->hooks[path->n_hooks - 1] == HOOK_POSTROUTING)
		return;
	path->hooks[path->n_hooks++] = hook;
	if (stream_wants(reader->stream, EVENT_HOOK)) {
		struct event event = { .kind = EVENT_HOOK, .hook = {
			.hook = hook,
			.in = record->in ? interface_name(reader->netns, record->in) : "",
			.out = record->out ? interface_name(reader->netns, record->out) : "",
		} };

		stream_emit(reader->stream, &event);
	}
}

static void read_ctstate(struct path *path, const char *words)
{
	if (path->ctstate != CTSTATE_NONE)
		return;	/* back through lo: the first time counts */
	for (int state = 0; state < CTSTATE_COUNT; state++) {
		const char *name = ctstate_name((enum ctstate)state);

		if (strncmp(words, name, strlen(name)) == 0)
			path->ctstate = (enum ctstate)state;
	}
	path->direction = strstr(words, ":reply") ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
}

/* The first time counts here, too. */
static void read_zone(struct path *path, const char *number)
{
	if (path->has_zone)
		return;
	path->has_zone = true;
	path->zone = (uint16_t)strtoul(number, NULL, 10);
}

static void read_point(struct path *path, const struct path_reader *reader, const struct nflog *nflog,
		       const struct nflog_record *record)
{
	const char *point = point_of(record);

	close_decision(path);
	if (strcmp(point, PROBES_START) == 0)
		enter_hook(path, reader, record);
	if (strncmp(point, PROBES_CTSTATE, strlen(PROBES_CTSTATE)) == 0)
		read_ctstate(path, point + strlen(PROBES_CTSTATE));
	if (strncmp(point, PROBES_ZONE, strlen(PROBES_ZONE)) == 0)
		read_zone(path, point + strlen(PROBES_ZONE));
	if (record->in)
		path->in = interface_name(reader->netns, record->in);
	if (record->out)
		path->out = interface_name(reader->netns, record->out);
	path->mark = record->mark;
	if (strcmp(point, PROBES_LEFT) == 0) {
		path->final = nflog_payload(nflog, record);
		path->final_len = record->payload_len;
	}
	path->last_hook = record->hook;
	snprintf(path->last_point, sizeof(path->last_point), "%s", point);
}

/* "nf_ct_proto_6: ACK is over upper bound ...": the words behind the protocol. */
static void read_complaint(struct path *path, const char *prefix)
{
	const char *words = strstr(prefix, ": ");

	if (strncmp(prefix, "nf_ct_", 6) != 0 || path->complaint[0])
		return;
	snprintf(path->complaint, sizeof(path->complaint), "%s", words ? words + 2 : prefix);
	/* Some end with a line, too. */
	for (size_t len = strlen(path->complaint); len && strchr(" \n", path->complaint[len - 1]); len--)
		path->complaint[len - 1] = '\0';
}

static void begin_reply(struct path *path, const struct nflog *nflog, const struct nflog_record *record)
{
	if (path->n_replies == PATH_MOST_REPLIES)
		return;
	path->replies[path->n_replies++] = (struct path_reply){
		.bytes = nflog_payload(nflog, record),
		.len = record->payload_len,
		.last_hook = HOOK_OUTPUT,
	};
}

/* Whatever makes the host answer has dropped the packet: all that follows is about the answer. */
static void read_of_reply(struct path_reply *reply, const struct path_reader *reader, const struct nflog *nflog,
			  const struct nflog_record *record, enum family family)
{
	const char *point = point_of(record);
	struct trace_line line;

	if (point) {
		reply->last_hook = record->hook;
		if (!reply->has_left && strcmp(point, PROBES_LEFT) == 0) {
			reply->has_left = true;
			reply->bytes = nflog_payload(nflog, record);
			reply->len = record->payload_len;
		}
	} else if (!reply->has_left && parse_trace(record->prefix, &line)) {
		const struct rule_place *rule =
			reader->find_place(reader->rules, family, line.table, line.chain, line.number);

		reply->last_rule = rule ? rule : reader->find_place(reader->rules, family, line.table, line.chain, 0);
	}
}

static enum verdict ending_of(const struct rule_place *rule)
{
	if (!rule)
		return VERDICT_NONE;
	if (rule->number == 0)
		return strstr(rule->text, "DROP") ? VERDICT_DROP : VERDICT_NONE;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (strcmp(endings[i].target, rule->target) == 0)
			return endings[i].verdict;
	return VERDICT_NONE;
}

enum verdict path_reply_verdict(const struct path_reply *reply)
{
	enum verdict ending = ending_of(reply->last_rule);

	if (reply->has_left)
		return VERDICT_ACCEPT;
	return ending == VERDICT_NONE ? VERDICT_DROP : ending;
}

static void drop(struct path *path, const char *reason)
{
	path->verdict = VERDICT_DROP;
	path->decided_by = NULL;
	path->reason = reason;
}

static bool is_at(const struct path *path, const char *point)
{
	return strcmp(path->last_point, point) == 0;
}

/* SNPT and DNPT change a word of the interface identifier that is not all ones; up to 48 bits of prefix another. */
static bool has_no_word_to_change(const struct address *address)
{
	return address->word[2] == UINT32_MAX && address->word[3] == UINT32_MAX;
}

/*
 * Targets that drop what they cannot change (a TCP header that is not whole, an address of which no word can take a
 * difference up), what nobody listens for, what they answer themselves. Linux 6.18: ecn_tg(), tcpmss_mangle_packet(),
 * tcpoptstrip_mangle_packet(), ip6t_snpt_tg(), tproxy_tg4(), synproxy_tg4(); Linux 6.1: clusterip_tg().
 */
static bool must_drop(const struct rule_place *rule, const struct packet *packet)
{
	static const char *const any[] = { "TPROXY", "SYNPROXY", "CLUSTERIP" };
	enum { TCP_HEADER_LEN = 20 };

	for (size_t i = 0; rule && i < sizeof(any) / sizeof(any[0]); i++)
		if (strcmp(rule->target, any[i]) == 0)
			return true;
	if (rule && strcmp(rule->target, "SNPT") == 0)
		return has_no_word_to_change(&packet->source);
	if (rule && strcmp(rule->target, "DNPT") == 0)
		return has_no_word_to_change(&packet->destination);
	if (!rule || packet->protocol != PROTOCOL_TCP)
		return false;
	if (strcmp(rule->target, "ECN") == 0)
		return packet->l4_len < TCP_HEADER_LEN;
	return (strcmp(rule->target, "TCPMSS") == 0 || strcmp(rule->target, "TCPOPTSTRIP") == 0) &&
	       (packet->l4_len < TCP_HEADER_LEN || packet->tcp_header_len < TCP_HEADER_LEN || packet->l4_len < packet->tcp_header_len);
}

/* Behind the last probe stood something that dropped the packet: a rule, or a match that declared it malformed. */
static void find_ending(struct path *path, const struct packet *packet)
{
	enum verdict ending = path->has_last && path->decision_hook == path->last_hook ? ending_of(path->last_rule)
										   : VERDICT_NONE;

	if (ending == VERDICT_NONE && path->has_last && must_drop(path->last_rule, packet))
		ending = VERDICT_DROP;
	if (ending == VERDICT_NONE) {
		drop(path, "dropped by a match that found it malformed");
		return;
	}
	path->verdict = ending;
	path->decided_by = path->last_rule;
}

static void find_verdict(struct path *path, const struct path_reader *reader, const struct packet *packet)
{
	bool is_entrance = path->last_hook == HOOK_PREROUTING || path->last_hook == HOOK_OUTPUT;
	bool is_exit = path->last_hook == HOOK_INPUT || path->last_hook == HOOK_POSTROUTING;
	bool is_tracked = reader->sees_tracking[packet->family == FAMILY_IPV6];

	path->is_at_defragmentation = is_at(path, PROBES_START) && is_entrance;
	if (!path->last_point[0])
		drop(path, "the kernel took it out before netfilter: a bad header");
	else if (is_at(path, PROBES_LEFT) && strcmp(path->out, NETNS_LOOPBACK) == 0 && path->last_hook == HOOK_POSTROUTING)
		drop(path, "it did not come back in through lo");
	else if (is_at(path, PROBES_LEFT)) {
		close_decision(path);
		path->verdict = VERDICT_ACCEPT;
	}
	else if (path->is_at_defragmentation && packet->is_fragment)
		path->verdict = VERDICT_HELD;
	else if (path->is_at_defragmentation)
		drop(path, "dropped by defragmentation");
	else if (is_at(path, PROBES_BEFORE_CONNTRACK) && is_tracked)
		drop(path, "dropped by conntrack");
	else if (is_at(path, PROBES_END) && is_exit)
		drop(path, "conntrack: another entry owns this tuple");
	else if (is_at(path, PROBES_END) && is_entrance && packet->is_fragment && !path->n_replies && !is_tracked)
		path->verdict = VERDICT_HELD;	/* nothing is tracked: put together for delivery alone */
	else if (is_at(path, PROBES_END))
		drop(path, path->last_hook == HOOK_PREROUTING ? "not routed: no route, or a TTL of 1" : "not sent");
	else
		find_ending(path, packet);
}

void path_read(struct path *path, const struct path_reader *reader, const struct nflog *nflog, const struct packet *packet)
{
	const struct rule_place **matched = path->matched;
	size_t capacity = path->capacity;

	memset(path, 0, sizeof(*path));
	path->matched = matched;
	path->capacity = capacity;
	path->in = path->out = "";
	for (size_t i = 0; i < nflog->n_records; i++) {
		const struct nflog_record *record = &nflog->records[i];
		const char *point = point_of(record);

		if (point && strcmp(point, PROBES_OWN) == 0)
			begin_reply(path, nflog, record);
		else if (path->n_replies)
			read_of_reply(&path->replies[path->n_replies - 1], reader, nflog, record,
				      packet->family);
		else if (point)
			read_point(path, reader, nflog, record);
		else if (record->group == PROBES_GROUP_TRACE) {
			read_complaint(path, record->prefix);
			read_trace(path, reader, record, packet->family);
		}
	}
	read_nft_trace(path, reader, packet->family);
	find_verdict(path, reader, packet);
}

void path_clear(struct path *path)
{
	free(path->matched);
	path->matched = NULL;
}

bool path_is_on_loopback(const struct nflog *nflog)
{
	const struct nflog_record *last = NULL;

	for (size_t i = 0; i < nflog->n_records; i++)
		if (point_of(&nflog->records[i]))
			last = &nflog->records[i];
	return last && last->hook == HOOK_POSTROUTING && last->out == NETNS_LOOPBACK_INDEX &&
	       strcmp(point_of(last), PROBES_LEFT) == 0;
}
