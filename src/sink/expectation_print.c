/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/expectation_print.h"

#include "packet/packet.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"

static void drop_last_space(struct text *out)
{
	if (out->len && out->bytes[out->len - 1] == ' ')
		out->bytes[--out->len] = '\0';
}

static void append_flags(uint32_t flags, struct text *out)
{
	const char *separator = "";

	for (unsigned bit = 0; bit < WORDS_EXPECTATION_FLAGS; bit++) {
		if (!(flags & 1u << bit))
			continue;
		text_printf(out, "%s%s", separator, expectation_flag_name(bit));
		separator = ",";
	}
}

static uint32_t seconds_left(const struct expectation_view *expectation, struct vtime now)
{
	return vtime_seconds_left(expectation->deadline, now, expectation->hz);
}

/* Addresses of a tuple, each with a word in front. */
static void append_addresses(const struct tuple *tuple, const char *prefix, struct text *out)
{
	text_printf(out, "%ssrc=", prefix);
	address_print(tuple->family, &tuple->source, out);
	text_printf(out, " %sdst=", prefix);
	address_print(tuple->family, &tuple->destination, out);
	text_append_char(out, ' ');
}

void expectation_print_proc(const struct expectation_view *expectation, struct vtime now, struct text *out)
{
	const struct tuple *tuple = &expectation->tuple;

	text_append_u64(out, seconds_left(expectation, now));
	text_printf(out, " l3proto = %u proto=%u src=", tuple->family == FAMILY_IPV6 ? 10 : 2, tuple->protocol);
	address_print_long(tuple->family, &tuple->source, out);
	text_append(out, " dst=");
	address_print_long(tuple->family, &tuple->destination, out);
	text_append_char(out, ' ');
	entry_print_keys(tuple, true, out);
	append_flags(expectation->flags, out);
	if (expectation->helper) {
		text_printf(out, "%s%s", expectation->flags ? " " : "", expectation->helper);
		if (*expectation->class_name)
			text_printf(out, "/%s", expectation->class_name);
	}
}

struct tuple expectation_print_mask(const struct expectation_view *expectation)
{
	struct tuple mask = expectation->mask;

	mask.protocol = expectation->tuple.protocol;
	mask.family = expectation->tuple.family;
	mask.destination = address_prefix_mask(mask.family, mask.family == FAMILY_IPV6 ? 128 : 32);
	mask.destination_port = UINT16_MAX;
	return mask;
}

void expectation_print_list(const struct expectation_view *expectation, struct vtime now, struct text *out)
{
	struct tuple mask = expectation_print_mask(expectation);

	text_append_u64(out, seconds_left(expectation, now));
	text_printf(out, " proto=%u ", expectation->tuple.protocol);
	append_addresses(&expectation->tuple, "", out);
	entry_print_keys(&expectation->tuple, false, out);
	append_addresses(&mask, "mask-", out);
	entry_print_keys(&mask, false, out);
	append_addresses(&expectation->master, "master-", out);
	entry_print_keys(&expectation->master, false, out);
	append_flags(expectation->flags, out);
	if (expectation->flags)
		text_append_char(out, ' ');
	text_printf(out, "class=%u ", expectation->class);
	if (expectation->helper)
		text_printf(out, "helper=%s", expectation->helper);
	drop_last_space(out);
}

const char *expectation_print_event_type(const struct event_expectation *event)
{
	return event->end == EXPECTATION_LIVES ? "NEW" : "DESTROY";
}

void expectation_print_event(const struct event_expectation *event, struct vtime now, struct text *out)
{
	text_append(out, event->end == EXPECTATION_LIVES ? "    [NEW] " : "[DESTROY] ");
	expectation_print_list(&event->expectation, now, out);
}

static void append_network(const struct expectation_view *expectation, struct text *out)
{
	const struct tuple *tuple = &expectation->tuple;
	struct masked_address network = { .mask = expectation->mask.source };

	for (int i = 0; i < 4; i++)
		network.address.word[i] = tuple->source.word[i] & network.mask.word[i];
	address_print_masked(tuple->family, &network, out);
	if (expectation->mask.source_port)
		text_printf(out, " port %u", tuple->source_port);
}

void expectation_print_flow(const struct expectation_view *expectation, struct text *out)
{
	const struct tuple *tuple = &expectation->tuple, *mask = &expectation->mask;
	const char *protocol = entry_print_protocol(tuple->protocol);
	struct tuple source = *tuple;

	text_printf(out, "%s from ", protocol ? protocol : "packets");
	/* A source of which no port is known is shown as an address. */
	if (!mask->source_port)
		source.protocol = 0;
	if (address_is_unspecified(&mask->source) && !mask->source_port)
		text_append(out, "anywhere");
	else if (address_mask_prefix_len(tuple->family, &mask->source) == (tuple->family == FAMILY_IPV6 ? 128 : 32))
		packet_words_print_endpoint(&source, true, out);
	else
		append_network(expectation, out);
	text_append(out, " to ");
	packet_words_print_endpoint(tuple, false, out);
	if (tuple->protocol == PROTOCOL_GRE)
		text_printf(out, " call 0x%x", tuple->destination_port);
}

void expectation_print_sentence(const struct event_expectation *event, struct text *out)
{
	const struct expectation_view *expectation = &event->expectation;
	const char *helper = expectation->helper ? expectation->helper : "the helper";

	switch (event->end) {
	case EXPECTATION_LIVES:
		text_printf(out, "%s of #%llu expects ", helper, (unsigned long long)expectation->master_id);
		expectation_print_flow(expectation, out);
		text_printf(out, " within %u s", expectation->timeout_seconds);
		if (expectation->flags & EXPECTATION_INACTIVE)
			text_append(out, ", not before it is confirmed");
		return;
	case EXPECTATION_MET:
		text_printf(out, "expected by %s of #%llu", helper, (unsigned long long)expectation->master_id);
		return;
	case EXPECTATION_EXPIRED:
		text_printf(out, "%s of #%llu waits no more for ", helper, (unsigned long long)expectation->master_id);
		break;
	case EXPECTATION_REPLACED:
		text_printf(out, "%s of #%llu forgets about ", helper, (unsigned long long)expectation->master_id);
		break;
	case EXPECTATION_WITHDRAWN:
		text_printf(out, "%s of #%llu takes back ", helper, (unsigned long long)expectation->master_id);
		break;
	case EXPECTATION_ORPHANED:
	case EXPECTATION_END_COUNT:
		text_printf(out, "with #%llu ends what %s expected: ", (unsigned long long)expectation->master_id, helper);
		break;
	}
	expectation_print_flow(expectation, out);
}
