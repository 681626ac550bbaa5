/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/entries.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "kernel/tuples.h"

enum {
	REQUEST_LEN = 4 << 20, NOTICE_LEN = 32 << 20,
	MESSAGE_NEW = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW,
	MESSAGE_FIND = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
	MESSAGE_DELETE = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
	MESSAGE_EXPECT_FIND = NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_GET,
	MESSAGE_EXPECT_NEW = NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_NEW,
	MESSAGE_EXPECT_DELETE = NFNL_SUBSYS_CTNETLINK_EXP << 8 | IPCTNL_MSG_EXP_DELETE,
};

/* Linux 6.18: enum tcp_conntrack, enum sctp_conntrack; 6.1: enum ct_dccp_states; the names as nf_conntrack prints them. */
static const char *const tcp_states[] = {
	"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2",
};
static const char *const sctp_states[] = {
	"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD",
	"SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT",
};
static const char *const dccp_states[] = {
	"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING", "TIMEWAIT",
};

/* What of a protocol says its state: the attributes, and the names. */
static const struct state_place {
	unsigned protocol, state;
	const char *const *names;
	size_t n_names;
} state_places[] = {
	{ CTA_PROTOINFO_TCP, CTA_PROTOINFO_TCP_STATE, tcp_states, sizeof(tcp_states) / sizeof(tcp_states[0]) },
	{ CTA_PROTOINFO_SCTP, CTA_PROTOINFO_SCTP_STATE, sctp_states, sizeof(sctp_states) / sizeof(sctp_states[0]) },
	{ CTA_PROTOINFO_DCCP, CTA_PROTOINFO_DCCP_STATE, dccp_states, sizeof(dccp_states) / sizeof(dccp_states[0]) },
};

bool entries_open(struct entries *entries, struct text *error)
{
	static const int groups[] = {
		NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE, NFNLGRP_CONNTRACK_DESTROY, NFNLGRP_CONNTRACK_EXP_NEW,
		NFNLGRP_CONNTRACK_EXP_DESTROY,
	};

	memset(entries, 0, sizeof(*entries));
	entries->requests = netlink_open(NETLINK_NETFILTER, REQUEST_LEN, error);
	entries->notices = entries->requests ? netlink_open(NETLINK_NETFILTER, NOTICE_LEN, error) : NULL;
	if (!entries->notices)
		return false;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!netlink_join(entries->notices, groups[i])) {
			text_printf(error, "conntrack's events (module nf_conntrack_netlink): %s", strerror(errno));
			return false;
		}
	return true;
}

void entries_close(struct entries *entries)
{
	netlink_close(entries->requests);
	netlink_close(entries->notices);
	free(entries->events);
	memset(entries, 0, sizeof(*entries));
}

static const char *state_in(struct netlink_span protocol_info)
{
	struct netlink_span outer[CTA_PROTOINFO_MAX + 1], inner[CTA_PROTOINFO_TCP_MAX + 1];

	netlink_parse(protocol_info, outer, CTA_PROTOINFO_MAX + 1);
	for (size_t i = 0; i < sizeof(state_places) / sizeof(state_places[0]); i++) {
		const struct state_place *place = &state_places[i];
		size_t state;

		if (!outer[place->protocol].bytes)
			continue;
		netlink_parse(outer[place->protocol], inner, CTA_PROTOINFO_TCP_MAX + 1);
		state = (size_t)netlink_number(inner[place->state]);
		return inner[place->state].bytes && state < place->n_names ? place->names[state] : NULL;
	}
	return NULL;
}

static void parse_counters(struct netlink_span attributes, struct kernel_entry *entry, enum direction direction)
{
	struct netlink_span table[CTA_COUNTERS_MAX + 1];

	if (!attributes.bytes)
		return;
	netlink_parse(attributes, table, CTA_COUNTERS_MAX + 1);
	entry->has_counters = true;
	entry->n_packets[direction] = netlink_number(table[CTA_COUNTERS_PACKETS]);
	entry->n_bytes[direction] = netlink_number(table[CTA_COUNTERS_BYTES]);
}

static void parse_helper(struct netlink_span attributes, char *helper)
{
	struct netlink_span table[CTA_HELP_MAX + 1];

	netlink_parse(attributes, table, CTA_HELP_MAX + 1);
	netlink_copy_string(table[CTA_HELP_NAME], helper, ENTRIES_HELPER_LEN);
}

static bool parse_entry(struct netlink_span attributes, struct kernel_entry *entry)
{
	struct netlink_span table[CTA_MAX + 1];

	memset(entry, 0, sizeof(*entry));
	netlink_parse(attributes, table, CTA_MAX + 1);
	if (!tuples_parse(table[CTA_TUPLE_ORIG], &entry->tuple[DIRECTION_ORIGINAL]) ||
	    !tuples_parse(table[CTA_TUPLE_REPLY], &entry->tuple[DIRECTION_REPLY]))
		return false;
	entry->kernel_id = (uint32_t)netlink_number(table[CTA_ID]);
	if (table[CTA_ZONE].bytes)	/* of both; else each tuple has its own */
		entry->tuple[0].zone = entry->tuple[1].zone = (uint16_t)netlink_number(table[CTA_ZONE]);
	entry->status = (uint32_t)netlink_number(table[CTA_STATUS]);
	entry->mark = (uint32_t)netlink_number(table[CTA_MARK]);
	entry->seconds_left = (uint32_t)netlink_number(table[CTA_TIMEOUT]);
	entry->has_timeout = table[CTA_TIMEOUT].bytes != NULL;
	entry->state = state_in(table[CTA_PROTOINFO]);
	entry->has_protocol = table[CTA_PROTOINFO].bytes != NULL;
	entry->has_mark = table[CTA_MARK].bytes != NULL;
	entry->has_helper = table[CTA_HELP].bytes != NULL;
	entry->has_seqadj = table[CTA_SEQ_ADJ_ORIG].bytes != NULL;
	entry->has_label = table[CTA_LABELS].bytes != NULL;
	parse_counters(table[CTA_COUNTERS_ORIG], entry, DIRECTION_ORIGINAL);
	parse_counters(table[CTA_COUNTERS_REPLY], entry, DIRECTION_REPLY);
	if (table[CTA_HELP].bytes)
		parse_helper(table[CTA_HELP], entry->helper);
	entry->has_master = table[CTA_TUPLE_MASTER].bytes && tuples_parse(table[CTA_TUPLE_MASTER], &entry->master);
	return true;
}

static bool parse_expectation(struct netlink_span attributes, struct kernel_expectation *expectation)
{
	struct netlink_span table[CTA_EXPECT_MAX + 1];

	memset(expectation, 0, sizeof(*expectation));
	netlink_parse(attributes, table, CTA_EXPECT_MAX + 1);
	if (!tuples_parse(table[CTA_EXPECT_TUPLE], &expectation->tuple))
		return false;
	tuples_parse(table[CTA_EXPECT_MASK], &expectation->mask);
	tuples_parse(table[CTA_EXPECT_MASTER], &expectation->master);
	expectation->seconds_left = (uint32_t)netlink_number(table[CTA_EXPECT_TIMEOUT]);
	expectation->flags = (uint32_t)netlink_number(table[CTA_EXPECT_FLAGS]);
	expectation->class = (uint32_t)netlink_number(table[CTA_EXPECT_CLASS]);
	netlink_copy_string(table[CTA_EXPECT_HELP_NAME], expectation->helper, sizeof(expectation->helper));
	return true;
}

static bool find_kind(const struct netlink_reply *reply, enum kernel_event_kind *kind)
{
	switch (reply->type) {
	case MESSAGE_NEW:
		*kind = reply->flags & (NLM_F_CREATE | NLM_F_EXCL) ? KERNEL_EVENT_NEW : KERNEL_EVENT_UPDATE;
		return true;
	case MESSAGE_DELETE:
		*kind = KERNEL_EVENT_DESTROY;
		return true;
	case MESSAGE_EXPECT_NEW:
		*kind = KERNEL_EVENT_EXPECT;
		return true;
	case MESSAGE_EXPECT_DELETE:
		*kind = KERNEL_EVENT_EXPECT_END;
		return true;
	default:
		return false;
	}
}

static void take_event(void *owner, const struct netlink_reply *reply)
{
	struct entries *entries = owner;
	struct kernel_event event = { .is_own = reply->port == netlink_port(entries->requests) };
	bool is_expectation;

	if (!find_kind(reply, &event.kind))
		return;
	is_expectation = event.kind == KERNEL_EVENT_EXPECT || event.kind == KERNEL_EVENT_EXPECT_END;
	if (is_expectation ? !parse_expectation(reply->attributes, &event.expectation)
			   : !parse_entry(reply->attributes, &event.entry))
		return;
	if (entries->n_events == entries->capacity) {
		entries->capacity = alloc_grown_capacity(entries->capacity, entries->n_events + 1);
		entries->events = alloc_resize(entries->events, entries->capacity, sizeof(*entries->events));
	}
	entries->events[entries->n_events++] = event;
}

bool entries_read_events(struct entries *entries)
{
	entries->n_events = 0;
	return netlink_drain(entries->notices, take_event, entries);
}

static uint8_t socket_family(const struct tuple *tuple)
{
	return tuple->family == FAMILY_IPV4 ? AF_INET : AF_INET6;
}

/* A request about the entry that `tuple` names. */
static void begin_request(struct netlink_message *message, unsigned type, const struct tuple *tuple)
{
	netlink_begin_netfilter(message, type, 0, socket_family(tuple), 0);
	tuples_put(message, CTA_TUPLE_ORIG, tuple);
	if (tuple->zone)
		netlink_put_be16(message, CTA_ZONE, tuple->zone);
}

struct finding {
	struct kernel_entry *entry;
	bool is_found;
};

static void take_found(void *owner, const struct netlink_reply *reply)
{
	struct finding *finding = owner;

	finding->is_found |= parse_entry(reply->attributes, finding->entry);
}

bool entries_find(struct entries *entries, const struct tuple *tuple, struct kernel_entry *found)
{
	struct finding finding = { .entry = found };
	struct netlink_message message;

	begin_request(&message, MESSAGE_FIND, tuple);
	return netlink_query(entries->requests, &message, take_found, &finding) == 0 && finding.is_found;
}

/* By which of its tuples the kernel finds it: another entry may have one of them, in a zone of one direction. */
static enum direction find_direction(struct entries *entries, const struct kernel_entry *entry, struct kernel_entry *found)
{
	return entries_find(entries, &entry->tuple[DIRECTION_ORIGINAL], found) && found->kernel_id == entry->kernel_id
		? DIRECTION_ORIGINAL : DIRECTION_REPLY;
}

bool entries_find_again(struct entries *entries, const struct kernel_entry *entry, struct kernel_entry *found)
{
	if (!entries->has_zones)
		return entries_find(entries, &entry->tuple[DIRECTION_ORIGINAL], found);
	return find_direction(entries, entry, found) == DIRECTION_ORIGINAL ||
	       (entries_find(entries, &entry->tuple[DIRECTION_REPLY], found) && found->kernel_id == entry->kernel_id);
}

static const struct tuple *telling_tuple(struct entries *entries, const struct kernel_entry *entry)
{
	struct kernel_entry unused;

	return &entry->tuple[entries->has_zones ? find_direction(entries, entry, &unused) : DIRECTION_ORIGINAL];
}

bool entries_set_timeout(struct entries *entries, const struct kernel_entry *entry, uint32_t seconds)
{
	struct netlink_message message;

	begin_request(&message, MESSAGE_NEW, telling_tuple(entries, entry));
	netlink_put_be32(&message, CTA_TIMEOUT, seconds);
	return netlink_ask(entries->requests, &message) == 0;
}

bool entries_remove(struct entries *entries, const struct kernel_entry *entry)
{
	struct netlink_message message;

	begin_request(&message, MESSAGE_DELETE, telling_tuple(entries, entry));
	netlink_put_be32(&message, CTA_ID, entry->kernel_id);
	return netlink_ask(entries->requests, &message) == 0;
}

uint16_t entries_zone(const struct kernel_entry *entry)
{
	return entry->tuple[DIRECTION_ORIGINAL].zone ? entry->tuple[DIRECTION_ORIGINAL].zone : entry->tuple[DIRECTION_REPLY].zone;
}

bool entries_remove_expectation(struct entries *entries, const struct kernel_expectation *expectation, uint16_t zone)
{
	struct netlink_message message;

	netlink_begin_netfilter(&message, MESSAGE_EXPECT_DELETE, 0, socket_family(&expectation->tuple), 0);
	tuples_put(&message, CTA_EXPECT_TUPLE, &expectation->tuple);
	if (zone)
		netlink_put_be16(&message, CTA_EXPECT_ZONE, zone);
	return netlink_ask(entries->requests, &message) == 0;
}

struct visit {
	entries_visitor *visitor;
	void *owner;
};

static void take_visited(void *owner, const struct netlink_reply *reply)
{
	struct visit *visit = owner;
	struct kernel_entry entry;

	if (parse_entry(reply->attributes, &entry))
		visit->visitor(visit->owner, &entry);
}

bool entries_visit(struct entries *entries, entries_visitor *visitor, void *owner)
{
	struct visit visit = { .visitor = visitor, .owner = owner };
	struct netlink_message message;

	netlink_begin_netfilter(&message, MESSAGE_FIND, NLM_F_DUMP, AF_UNSPEC, 0);
	return netlink_query(entries->requests, &message, take_visited, &visit) == 0;
}

struct expectation_visit {
	expectations_visitor *visitor;
	void *owner;
};

static void take_visited_expectation(void *owner, const struct netlink_reply *reply)
{
	struct expectation_visit *visit = owner;
	struct kernel_expectation expectation;

	if (parse_expectation(reply->attributes, &expectation))
		visit->visitor(visit->owner, &expectation);
}

bool entries_visit_expectations(struct entries *entries, expectations_visitor *visitor, void *owner)
{
	struct expectation_visit visit = { .visitor = visitor, .owner = owner };
	struct netlink_message message;

	netlink_begin_netfilter(&message, MESSAGE_EXPECT_FIND, NLM_F_DUMP, AF_UNSPEC, 0);
	return netlink_query(entries->requests, &message, take_visited_expectation, &visit) == 0;
}
