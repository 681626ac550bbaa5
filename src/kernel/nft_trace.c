/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/nft_trace.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum {
	RECEIVE_LEN = 32 << 20,
	MESSAGE_TRACE = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE,
	MESSAGE_FIND_RULES = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
};

static enum family family_of(unsigned nfproto)
{
	return nfproto == NFPROTO_IPV4 ? FAMILY_IPV4 : nfproto == NFPROTO_IPV6 ? FAMILY_IPV6 : FAMILY_NONE;
}

/* Rules come in the order of their chains. */
static void take_rule(void *owner, const struct netlink_reply *reply)
{
	struct nft_trace *trace = owner;
	struct netlink_span table[NFTA_RULE_MAX + 1];
	struct nft_trace_rule *rule;

	netlink_parse(reply->attributes, table, NFTA_RULE_MAX + 1);
	if (trace->n_rules == trace->rules_capacity) {
		trace->rules_capacity = alloc_grown_capacity(trace->rules_capacity, trace->n_rules + 1);
		trace->rules = alloc_resize(trace->rules, trace->rules_capacity, sizeof(*trace->rules));
	}
	rule = &trace->rules[trace->n_rules++];
	rule->handle = netlink_number(table[NFTA_RULE_HANDLE]);
	rule->family = family_of(reply->family);
	netlink_copy_string(table[NFTA_RULE_TABLE], rule->table, sizeof(rule->table));
	netlink_copy_string(table[NFTA_RULE_CHAIN], rule->chain, sizeof(rule->chain));
	rule->number = 1;
	for (size_t i = trace->n_rules - 1; i > 0; i--) {
		const struct nft_trace_rule *before = &trace->rules[i - 1];

		if (before->family == rule->family && strcmp(before->table, rule->table) == 0 &&
		    strcmp(before->chain, rule->chain) == 0) {
			rule->number = before->number + 1;
			break;
		}
	}
}

bool nft_trace_open(struct nft_trace *trace, struct text *error)
{
	static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };
	struct netlink_message message;

	memset(trace, 0, sizeof(*trace));
	trace->notices = netlink_open(NETLINK_NETFILTER, RECEIVE_LEN, error);
	if (!trace->notices)
		return false;
	for (size_t i = 0; i < sizeof(families); i++) {
		netlink_begin_netfilter(&message, MESSAGE_FIND_RULES, NLM_F_DUMP, families[i], 0);
		if (netlink_query(trace->notices, &message, take_rule, trace) != 0) {
			text_append(error, "the rules could not be read back from nf_tables");
			return false;
		}
	}
	if (netlink_join(trace->notices, NFNLGRP_NFTRACE))
		return true;
	text_append(error, "this kernel does not trace nf_tables");
	return false;
}

void nft_trace_close(struct nft_trace *trace)
{
	netlink_close(trace->notices);
	free(trace->rules);
	free(trace->records);
	memset(trace, 0, sizeof(*trace));
}

static uint32_t find_number(const struct nft_trace *trace, const struct nft_trace_record *record, enum family family,
			    uint64_t handle)
{
	for (size_t i = 0; i < trace->n_rules; i++) {
		const struct nft_trace_rule *rule = &trace->rules[i];

		if (rule->handle == handle && rule->family == family && strcmp(rule->chain, record->chain) == 0 &&
		    strcmp(rule->table, record->table) == 0)
			return rule->number;
	}
	return 0;
}

/* A record of a rule without a handle is the end of a chain: it says nothing about a rule. */
static void take_record(void *owner, const struct netlink_reply *reply)
{
	struct nft_trace *trace = owner;
	struct netlink_span table[NFTA_TRACE_MAX + 1];
	struct nft_trace_record record;
	uint64_t type;

	if (reply->type != MESSAGE_TRACE)
		return;
	netlink_parse(reply->attributes, table, NFTA_TRACE_MAX + 1);
	type = netlink_number(table[NFTA_TRACE_TYPE]);
	if (type != NFT_TRACETYPE_POLICY && !(type == NFT_TRACETYPE_RULE && table[NFTA_TRACE_RULE_HANDLE].bytes))
		return;
	memset(&record, 0, sizeof(record));
	netlink_copy_string(table[NFTA_TRACE_TABLE], record.table, sizeof(record.table));
	netlink_copy_string(table[NFTA_TRACE_CHAIN], record.chain, sizeof(record.chain));
	record.packet = (uint32_t)netlink_number(table[NFTA_TRACE_ID]);
	if (type == NFT_TRACETYPE_RULE)
		record.number = find_number(trace, &record, family_of(reply->family),
					    netlink_number(table[NFTA_TRACE_RULE_HANDLE]));
	if (trace->n_records == trace->capacity) {
		trace->capacity = alloc_grown_capacity(trace->capacity, trace->n_records + 1);
		trace->records = alloc_resize(trace->records, trace->capacity, sizeof(*trace->records));
	}
	trace->records[trace->n_records++] = record;
}

bool nft_trace_read(struct nft_trace *trace)
{
	trace->n_records = 0;
	return netlink_drain(trace->notices, take_record, trace);
}
