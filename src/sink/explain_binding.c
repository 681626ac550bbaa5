/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What NAT made of a connection: which rule, within which range, and how it came to that. */
#include "sink/explain_page.h"
#include "sink/explain_words.h"
#include "sink/packet_words.h"

static void print_end(const struct tuple *tuple, bool is_source, struct text *out)
{
	packet_words_print_endpoint(tuple, is_source, out);
	if (is_source && (tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6))
		text_printf(out, " id %u", (unsigned)tuple->source_port);
}

static void print_range(const struct event_binding *binding, struct text *out)
{
	enum family family = (enum family)binding->before.family;

	if (binding->has_addresses) {
		address_print(family, &binding->first, out);
		if (!address_is_equal(&binding->first, &binding->last)) {
			text_append(out, " to ");
			address_print(family, &binding->last, out);
		}
	}
	if (binding->has_ports && binding->first_port == binding->last_port)
		text_printf(out, "%sport %u", binding->has_addresses ? ", " : "", (unsigned)binding->first_port);
	else if (binding->has_ports)
		text_printf(out, "%sports %u to %u", binding->has_addresses ? ", " : "", (unsigned)binding->first_port,
			    (unsigned)binding->last_port);
}

static void print_tried(const struct event_binding *binding, struct text *out)
{
	for (uint32_t i = 0; i < binding->n_tried && i < BINDING_MOST_TOLD; i++) {
		text_printf(out, "%s%u", i ? ", " : "", (unsigned)binding->tried[i].port);
		if (binding->tried[i].taken_by)
			text_printf(out, " (taken by #%llu)", (unsigned long long)binding->tried[i].taken_by);
	}
	if (binding->n_tried > BINDING_MOST_TOLD)
		text_printf(out, " and %u more", (unsigned)(binding->n_tried - BINDING_MOST_TOLD));
}

void explain_binding_print(struct explain_page *page, const struct event_binding *binding)
{
	bool is_source = binding->is_source;
	struct text *line = explain_page_begin_item(page, is_source ? "source NAT" : "dest. NAT");

	print_end(&binding->before, is_source, line);
	if (tuple_is_equal(&binding->before, &binding->after)) {
		text_append(line, " stays");
	} else {
		text_append(line, " becomes ");
		print_end(&binding->after, is_source, line);
	}
	if (binding->rule) {
		text_append(line, ", as wanted by ");
		explain_words_print_rule(binding->rule, line);
	} else {
		text_append(line, ", though no rule wants it: another connection is in the way");
	}
	explain_page_end_line(page, STYLE_PLAIN);
	if (binding->rule && (binding->has_addresses || binding->has_ports)) {
		print_range(binding, explain_page_begin_item(page, "  within"));
		explain_page_end_line(page, STYLE_DIM);
	}
	if (binding->n_tried) {
		print_tried(binding, explain_page_begin_item(page, "  asked for"));
		explain_page_end_line(page, STYLE_DIM);
	}
	if (binding->how) {
		text_append(explain_page_begin_item(page, "  because"), binding->how);
		explain_page_end_line(page, STYLE_DIM);
	}
}
