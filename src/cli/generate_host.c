/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host for rules of which nothing else is known. */
#include <stdio.h>
#include <string.h>

#include "cli/generate_parts.h"

struct interfaces {
	struct topology *topology;
	char names[16][TOPOLOGY_NAME_LEN + 1];
	size_t n_names;
};

/* "eth+" stands for eth0; false for what names none. */
static bool name_interface(const char *pattern, char name[TOPOLOGY_NAME_LEN + 1])
{
	size_t len = strlen(pattern);

	if (!len || strcmp(pattern, "+") == 0 || strcmp(pattern, "lo") == 0)
		return false;
	snprintf(name, TOPOLOGY_NAME_LEN + 1, "%s", pattern);
	if (name[len - 1] == '+')
		name[len - 1] = '0';
	return true;
}

static void note_interface(struct interfaces *interfaces, const char *pattern)
{
	char name[TOPOLOGY_NAME_LEN + 1];

	if (!name_interface(pattern, name))
		return;
	for (size_t i = 0; i < interfaces->n_names; i++)
		if (strcmp(interfaces->names[i], name) == 0)
			return;
	if (interfaces->n_names < sizeof(interfaces->names) / sizeof(interfaces->names[0]))
		strcpy(interfaces->names[interfaces->n_names++], name);
}

/* Where a rule names both, its addresses are behind its interface. */
static void note_route(struct interfaces *interfaces, const struct rule_extent *rule, enum packet_field field,
		       const char *pattern)
{
	char name[TOPOLOGY_NAME_LEN + 1];
	struct diagnostics diagnostics;
	struct address address;
	struct text route;

	if (rule->extent->n_boxes != 1 || !generate_is_narrow(rule->extent->boxes, field, rule->family) || !name_interface(pattern, name))
		return;
	address = extent_to_address(rule->family, rule->extent->boxes[0].first[field]);
	text_init(&route);
	diag_init(&diagnostics);
	address_print(rule->family, &address, &route);
	text_printf(&route, "/%d@%s", rule->family == FAMILY_IPV6 ? 128 : 32, name);
	topology_parse_route(interfaces->topology, text_string(&route), &diagnostics);
	diag_clear(&diagnostics);
	text_clear(&route);
}

/* Everybody else is behind the first interface. */
static void add_default_route(struct topology *topology, const char *interface)
{
	struct diagnostics diagnostics;
	struct text route;

	text_init(&route);
	diag_init(&diagnostics);
	text_printf(&route, "default@%s", interface);
	topology_parse_route(topology, text_string(&route), &diagnostics);
	diag_clear(&diagnostics);
	text_clear(&route);
}

static void note_interfaces(void *owner, const struct rule_extent *rule)
{
	note_interface(owner, rule->in);
	note_interface(owner, rule->out);
	note_route(owner, rule, FIELD_SOURCE, rule->in);
	note_route(owner, rule, FIELD_DESTINATION, rule->out);
}

void generate_host(const struct ruleset *const *rulesets, size_t n_rulesets, struct topology *topology)
{
	struct interfaces interfaces = { .topology = topology };
	uint8_t ipv4[4] = { 10, 200, 0, 1 }, ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 200, [15] = 1 };

	for (size_t i = 0; i < n_rulesets; i++)
		ruleset_visit_extents(rulesets[i], note_interfaces, &interfaces);
	if (!interfaces.n_names)
		note_interface(&interfaces, "eth0");
	add_default_route(topology, interfaces.names[0]);
	for (size_t i = 0; i < interfaces.n_names; i++) {
		struct address own[2];

		ipv4[2] = ipv6[7] = (uint8_t)i;
		own[0] = address_from_bytes(FAMILY_IPV4, ipv4);
		own[1] = address_from_bytes(FAMILY_IPV6, ipv6);
		topology_add_address(topology, FAMILY_IPV4, &own[0], 24, interfaces.names[i]);
		topology_add_address(topology, FAMILY_IPV6, &own[1], 64, interfaces.names[i]);
	}
}
