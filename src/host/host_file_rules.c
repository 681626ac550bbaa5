/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/host_file_parts.h"
#include "packet/protocol.h"

static bool store_priority(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->rule.priority);
}

static bool store_from(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_from = true;
	return host_file_read_prefix(document, item, &rule->family, &rule->from);
}

static bool store_rule_to(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_to = true;
	return host_file_read_prefix(document, item, &rule->family, &rule->to);
}

/* `ip -j rule` prints "src":"10.0.0.0","srclen":8. */
static bool store_len(const struct json_document *document, const cJSON *item, enum family family,
		      struct masked_address *prefix)
{
	uint32_t len;

	if (family == FAMILY_NONE)
		return json_document_refuse(document, item, NULL, "a length without an address");
	if (!json_document_number(document, item, topology_family_bits(family), &len))
		return false;
	prefix->mask = address_prefix_mask(family, len);
	for (int i = 0; i < 4; i++)
		prefix->address.word[i] &= prefix->mask.word[i];
	return true;
}

static bool store_from_len(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_len(document, item, rule->family, &rule->from);
}

static bool store_to_len(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_len(document, item, rule->family, &rule->to);
}

/* 1, "0x1", "0x1/0xff". */
static bool store_mark(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;
	unsigned long long mark, mask;
	char *end;

	rule->mark_mask = UINT32_MAX;
	if (!cJSON_IsString(item) || !strchr(item->valuestring, '/'))
		return json_document_number(document, item, UINT32_MAX, &rule->mark);
	mark = strtoull(item->valuestring, &end, 0);
	mask = *end == '/' ? strtoull(end + 1, &end, 0) : 0;
	if (*end || mark > UINT32_MAX || mask > UINT32_MAX || item->valuestring[0] == '-')
		return json_document_refuse(document, item, "e.g. \"0x1/0xff\"", "\"%s\" is not MARK/MASK", item->valuestring);
	rule->mark = (uint32_t)mark;
	rule->mark_mask = (uint32_t)mask;
	return true;
}

static bool store_mark_mask(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, UINT32_MAX, &((struct host_reader *)target)->rule.mark_mask);
}

static bool store_in(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->rule.in);
}

static bool store_out(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_interface_name(document, item, &((struct host_reader *)target)->rule.out);
}

static bool store_tos(void *target, const struct json_document *document, const cJSON *item)
{
	uint32_t tos = 0;

	if (!json_document_number(document, item, 255, &tos))
		return false;
	((struct host_reader *)target)->rule.tos = (uint8_t)tos;
	return true;
}

static bool store_rule_table(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_table(document, item, &((struct host_reader *)target)->rule.table);
}

static bool store_action(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	if (!host_file_read_type(document, item, &rule->action))
		return false;
	if (rule->action == ROUTE_BLACKHOLE || rule->action == ROUTE_UNREACHABLE || rule->action == ROUTE_PROHIBIT)
		return true;
	return json_document_refuse(document, item, NULL, "a rule's action is blackhole, unreachable or prohibit");
}

static bool store_suppress(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_suppress_len = true;
	return json_document_number(document, item, 128, &rule->suppress_len);
}

/* `ip -j rule` prints "not":null. */
static bool store_not(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->is_inverted = true;
	return cJSON_IsNull(item) || json_document_bool(document, item, &rule->is_inverted);
}

/* "tcp", or a number. */
static bool store_protocol(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;
	uint32_t number = 0;

	if (cJSON_IsString(item) && protocol_parse(item->valuestring, &rule->protocol))
		return true;
	if (cJSON_IsString(item))
		return json_document_refuse(document, item, NULL, "unknown protocol \"%s\"", item->valuestring);
	if (!json_document_number(document, item, 255, &number))
		return false;
	rule->protocol = (uint8_t)number;
	return true;
}

/* Linux 6.18, fib_rule_port_range_valid(). */
enum { HIGHEST_RULE_PORT = 65534 };

static bool store_port(const struct json_document *document, const cJSON *item, uint16_t *port)
{
	uint32_t number;

	if (!json_document_number(document, item, HIGHEST_RULE_PORT, &number))
		return false;
	*port = (uint16_t)number;
	return number || json_document_refuse(document, item, NULL, "port 0 is none");
}

/* 80, or "1000-2000". */
static bool store_ports(const struct json_document *document, const cJSON *item, bool *has_ports, struct port_span *span)
{
	unsigned first, last;
	char end;

	*has_ports = true;
	if (!cJSON_IsString(item) || !strchr(item->valuestring, '-'))
		return store_port(document, item, &span->first) && store_port(document, item, &span->last);
	if (sscanf(item->valuestring, "%5u-%5u%c", &first, &last, &end) != 2 || !first || first > last || last > HIGHEST_RULE_PORT)
		return json_document_refuse(document, item, "e.g. \"1000-2000\"", "\"%s\" is not a range of ports", item->valuestring);
	*span = (struct port_span){ (uint16_t)first, (uint16_t)last };
	return true;
}

static bool store_source_port(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_ports(document, item, &rule->has_source_port, &rule->source_port);
}

static bool store_destination_port(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	return store_ports(document, item, &rule->has_destination_port, &rule->destination_port);
}

/* `ip -j rule` prints a range as "sport_start":1000,"sport_end":2000. */
static bool store_first_source_port(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_source_port = true;
	return store_port(document, item, &rule->source_port.first);
}

static bool store_last_source_port(void *target, const struct json_document *document, const cJSON *item)
{
	return store_port(document, item, &((struct host_reader *)target)->rule.source_port.last);
}

static bool store_first_destination_port(void *target, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &((struct host_reader *)target)->rule;

	rule->has_destination_port = true;
	return store_port(document, item, &rule->destination_port.first);
}

static bool store_last_destination_port(void *target, const struct json_document *document, const cJSON *item)
{
	return store_port(document, item, &((struct host_reader *)target)->rule.destination_port.last);
}

static bool refuse_user(void *target, const struct json_document *document, const cJSON *item)
{
	(void)target;
	return json_document_refuse(document, item, NULL, "a rule by user is not simulated: no capture tells whose process sent a packet");
}

static bool refuse_jump(void *target, const struct json_document *document, const cJSON *item)
{
	(void)target;
	return json_document_refuse(document, item, NULL, "a rule that goes to another one is not simulated");
}

static bool refuse_group(void *target, const struct json_document *document, const cJSON *item)
{
	(void)target;
	return json_document_refuse(document, item, NULL, "interfaces have no groups here: suppress_ifgroup is not simulated");
}

/* "nop", and what only packets have that came through a tunnel or a VRF: nothing here matches such a rule. */
static bool store_nothing(void *target, const struct json_document *document, const cJSON *item)
{
	(void)document;
	(void)item;
	((struct host_reader *)target)->is_idle_rule = true;
	return true;
}

static bool store_rule_family(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_family(document, item, &((struct host_reader *)target)->rule.family);
}

static const struct json_key rule_keys[] = {
	{ "priority", store_priority },	{ "from", store_from },
	{ "to", store_rule_to },	{ "fwmark", store_mark },
	{ "iif", store_in },		{ "oif", store_out },
	{ "tos", store_tos },		{ "not", store_not },
	{ "table", store_rule_table },	{ "action", store_action },
	{ "suppress_prefixlength", store_suppress },
	{ "family", store_rule_family },
	{ "src", store_from },		{ "srclen", store_from_len },
	{ "dst", store_rule_to },	{ "dstlen", store_to_len },
	{ "fwmask", store_mark_mask },	{ "protocol", NULL },
	{ "ipproto", store_protocol },	{ "flow_to", NULL },
	{ "sport", store_source_port },	{ "dport", store_destination_port },
	{ "sport_start", store_first_source_port },
	{ "sport_end", store_last_source_port },
	{ "dport_start", store_first_destination_port },
	{ "dport_end", store_last_destination_port },
	{ "nop", store_nothing },	{ "tun_id", store_nothing },
	{ "l3mdev", store_nothing },	{ "goto", refuse_jump },
	{ "uid_start", refuse_user },	{ "uid_end", NULL },
	{ "suppress_ifgroup", refuse_group },
};

static void add_rule(struct topology *topology, struct policy_rule *rule)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	static const struct address any;

	/* "all" says nothing. */
	rule->has_from &= !address_is_equal(&rule->from.mask, &any);
	rule->has_to &= !address_is_equal(&rule->to.mask, &any);
	if (rule->family != FAMILY_NONE) {
		topology_add_rule(topology, rule);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		rule->family = families[i];
		topology_add_rule(topology, rule);
	}
}

static bool read_rule(struct host_reader *reader, const struct json_document *document, const cJSON *item)
{
	struct policy_rule *rule = &reader->rule;

	*rule = (struct policy_rule){ .family = FAMILY_NONE };
	reader->is_idle_rule = false;
	if (!json_document_read(document, item, KEYS(rule_keys), reader))
		return false;
	if (!cJSON_HasObjectItem(item, "priority"))
		return json_document_refuse(document, item, NULL, "a rule needs a priority: where among the others it stands");
	if (reader->is_idle_rule)
		return !rule->is_inverted || json_document_refuse(document, item, NULL, "\"not\" of what nothing here can match is not simulated");
	if (rule->action == ROUTE_UNICAST && !rule->table)
		return json_document_refuse(document, item, NULL, "a rule needs a table, or an action");
	add_rule(reader->topology, rule);
	return true;
}

bool host_file_store_rules(void *target, const struct json_document *document, const cJSON *item)
{
	return host_file_read_items(target, document, item, read_rule);
}
