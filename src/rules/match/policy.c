/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m policy: was the packet encrypted, or will it be? Linux 6.18, xt_policy.c: policy_mt(). Annotations (rules/annotation.h) tell
 * that it was; which transforms, nobody can tell.
 */
#include <string.h>

#include "rules/match_parts.h"
#include "rules/options_value.h"

enum { DIR, POL, STRICT, REQID, SPI, PROTO, MODE, TUNNEL_DST, TUNNEL_SRC, NEXT };

enum { ELEMENTS_MOST = 4 };

enum { DIR_IN = 1, DIR_OUT = 2 };
enum { POL_IPSEC, POL_NONE };
enum { MODE_TRANSPORT, MODE_TUNNEL };

struct policy_element {
	struct option_marks marks;	/* REQID to TUNNEL_SRC */
	uint32_t reqid, spi, mode;
	uint8_t protocol;
	struct option_address tunnel_source, tunnel_destination;
};

struct policy_config {
	struct option_marks marks;
	uint32_t direction, policy;
	uint32_t n_next;
	uint8_t family;
	struct policy_element elements[ELEMENTS_MOST];
};

static const struct option_name directions[] = { { "in", DIR_IN }, { "out", DIR_OUT }, { NULL, 0 } };
static const struct option_name policies[] = { { "none", POL_NONE }, { "ipsec", POL_IPSEC }, { NULL, 0 } };
static const struct option_name modes[] = { { "transport", MODE_TRANSPORT }, { "tunnel", MODE_TUNNEL }, { NULL, 0 } };

/* The element that is being described; NULL after an error. Moves the inversion of the option to it. */
static struct policy_element *note_option(struct policy_config *policy, unsigned mark, const struct argument *value,
					  struct diagnostics *diagnostics)
{
	struct policy_element *element = &policy->elements[policy->n_next];
	uint32_t bit = UINT32_C(1) << mark;

	if (options_is_seen(&element->marks, mark)) {
		diag_error(diagnostics, value->where, "--next begins another element", "given twice for one element");
		return NULL;
	}
	element->marks.seen |= bit;
	element->marks.inverted |= policy->marks.inverted & bit;
	policy->marks.inverted &= ~bit;
	return element;
}

static bool read_number(const struct argument *value, uint32_t *number, struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, UINT32_MAX, number, diagnostics);
}

static bool parse_reqid(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, REQID, values, diagnostics);

	(void)place;
	return element && read_number(values, &element->reqid, diagnostics);
}

static bool parse_spi(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, SPI, values, diagnostics);

	(void)place;
	return element && read_number(values, &element->spi, diagnostics);
}

static bool parse_proto(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, PROTO, values, diagnostics);
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (!element || !options_parse_protocol(&word, &element->protocol, diagnostics))
		return false;
	if (element->protocol == PROTOCOL_AH || element->protocol == PROTOCOL_ESP || element->protocol == PROTOCOL_IPCOMP)
		return true;
	diag_error(diagnostics, values->where, NULL, "\"%s\" is none of ah, esp and ipcomp", values->text);
	return false;
}

static bool parse_mode(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, MODE, values, diagnostics);
	static const struct option_spec mode = { .name = "mode", .kind = OPTION_NAME, .flags = OPTION_NAME_EXACT, .names = modes,
						 .value_name = "mode" };

	return element && options_value_store(&mode, &element->mode, values, place, diagnostics);
}

static bool parse_source(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, TUNNEL_SRC, values, diagnostics);

	return element && options_value_store_address(&element->tunnel_source, values, place->family, diagnostics);
}

static bool parse_destination(void *config, const struct argument *values, const struct extension_place *place,
			      struct diagnostics *diagnostics)
{
	struct policy_element *element = note_option(config, TUNNEL_DST, values, diagnostics);

	return element && options_value_store_address(&element->tunnel_destination, values, place->family, diagnostics);
}

static bool parse_next(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct policy_config *policy = config;

	(void)values;
	if (++policy->n_next < ELEMENTS_MOST)
		return true;
	policy->n_next--;
	diag_error(diagnostics, place->where, NULL, "a policy has at most four elements");
	return false;
}

#define ELEMENT_OPTION(option, id, value, reader, words) \
	{ .name = option, .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REPEATABLE, .mark = id, \
	  .value_name = value, .parse = reader, .summary = words }

static const struct option_spec options[] = {
	{ .name = "dir", .kind = OPTION_NAME, .flags = OPTION_NAME_EXACT, .mark = DIR,
	  .offset = offsetof(struct policy_config, direction), .names = directions, .value_name = "direction",
	  .summary = "in: was it encrypted when it came; out: will it be when it leaves" },
	{ .name = "pol", .kind = OPTION_NAME, .flags = OPTION_NAME_EXACT, .mark = POL,
	  .offset = offsetof(struct policy_config, policy), .names = policies, .value_name = "policy",
	  .summary = "none: it was not; ipsec: it was (default)" },
	{ .name = "strict", .kind = OPTION_FLAG, .mark = STRICT, .summary = "by exactly these transforms, in this order" },
	ELEMENT_OPTION("reqid", REQID, "number", parse_reqid, "of a transform"),
	ELEMENT_OPTION("spi", SPI, "number", parse_spi, "its SPI"),
	ELEMENT_OPTION("proto", PROTO, "protocol", parse_proto, "ah, esp or ipcomp"),
	ELEMENT_OPTION("mode", MODE, "mode", parse_mode, "transport or tunnel"),
	ELEMENT_OPTION("tunnel-src", TUNNEL_SRC, "address[/mask]", parse_source, "the tunnel's source"),
	ELEMENT_OPTION("tunnel-dst", TUNNEL_DST, "address[/mask]", parse_destination, "and its destination"),
	{ .name = "next", .kind = OPTION_CUSTOM, .flags = OPTION_REPEATABLE, .mark = NEXT, .parse = parse_next,
	  .summary = "the next transform, with --strict" },
};

static bool complain(const struct extension_place *place, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, place->where, NULL, "%s", problem);
	return false;
}

static bool check_elements(const struct policy_config *policy, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	for (uint32_t i = 0; i <= policy->n_next; i++) {
		const struct policy_element *element = &policy->elements[i];
		const struct option_marks *marks = &element->marks;
		bool has_tunnel = options_is_seen(marks, TUNNEL_SRC) || options_is_seen(marks, TUNNEL_DST);

		if (options_is_seen(&policy->marks, STRICT) && !marks->seen)
			return complain(place, "with --strict each element needs --reqid, --spi, --proto, --mode or a tunnel", diagnostics);
		if (has_tunnel && (element->mode == MODE_TUNNEL) == options_is_inverted(marks, MODE))
			return complain(place, "--tunnel-src and --tunnel-dst need tunnel mode", diagnostics);
	}
	return true;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct policy_config *policy = config;
	const struct option_marks *marks = &policy->marks;

	policy->family = (uint8_t)place->family;
	if (options_is_seen(marks, NEXT) && !options_is_seen(marks, STRICT))
		return complain(place, "--next needs --strict", diagnostics);
	if (!policy->direction)
		return complain(place, "policy needs --dir in or --dir out", diagnostics);
	if (policy->direction == DIR_OUT && (place->hooks & (1 << HOOK_PREROUTING | 1 << HOOK_INPUT)))
		return complain(place, "PREROUTING and INPUT know --dir in alone", diagnostics);
	if (policy->direction == DIR_IN && (place->hooks & (1 << HOOK_POSTROUTING | 1 << HOOK_OUTPUT)))
		return complain(place, "OUTPUT and POSTROUTING know --dir out alone", diagnostics);
	if (policy->policy != POL_NONE)
		return check_elements(policy, place, diagnostics);
	if (options_is_seen(marks, STRICT) || policy->n_next)
		return complain(place, "--pol none has no transforms", diagnostics);
	return true;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct policy_config *policy = config;
	struct annotation_value value;

	(void)state;
	if (!annotation_find(subject->annotations, subject->packet, policy->direction == DIR_IN ? ANNOTATION_IPSEC_IN : ANNOTATION_IPSEC_OUT, &value))
		return MATCH_UNKNOWN;
	if (value.number == ANNOTATION_IPSEC_NONE)
		return policy->policy == POL_NONE ? MATCH_YES : MATCH_NO;
	if (policy->policy == POL_NONE)
		return MATCH_NO;
	/* Any transform will do; what the others are, nobody told. */
	return !options_is_seen(&policy->marks, STRICT) && !policy->elements[0].marks.seen ? MATCH_YES : MATCH_UNKNOWN;
}

/* iptables-save prints no mask with holes. */
static void print_tunnel(const struct option_address *address, struct text *out)
{
	int len = address_mask_prefix_len((enum family)address->family, &address->mask);

	address_print((enum family)address->family, &address->address, out);
	if (len >= 0 && len != (address->family == FAMILY_IPV6 ? 128 : 32))
		text_printf(out, "/%d", len);
}

static void print_element(const struct policy_element *element, const char *dashes, bool is_list, struct text *out)
{
	static const char *const names[] = { [REQID] = "reqid", [SPI] = "spi", [PROTO] = "proto", [MODE] = "mode",
					     [TUNNEL_DST] = "tunnel-dst", [TUNNEL_SRC] = "tunnel-src" };

	for (unsigned mark = REQID; mark <= TUNNEL_SRC; mark++) {
		if (!options_is_seen(&element->marks, mark))
			continue;
		text_printf(out, "%s %s%s ", options_is_inverted(&element->marks, mark) ? " !" : "", dashes, names[mark]);
		if (mark == REQID)
			text_append_u64(out, element->reqid);
		else if (mark == SPI)
			text_printf(out, "0x%x", element->spi);
		else if (mark == PROTO && is_list)
			text_append_u64(out, element->protocol);
		else if (mark == PROTO)
			text_append(out, element->protocol == PROTOCOL_AH ? "ah" : element->protocol == PROTOCOL_ESP ? "esp" : "ipcomp");
		else if (mark == MODE)
			text_append(out, element->mode == MODE_TUNNEL ? "tunnel" : "transport");
		else
			print_tunnel(mark == TUNNEL_SRC ? &element->tunnel_source : &element->tunnel_destination, out);
	}
}

static void print_flags(const struct policy_config *policy, const char *dashes, struct text *out)
{
	text_printf(out, " %sdir %s", dashes, policy->direction == DIR_IN ? "in" : "out");
	text_printf(out, " %spol %s", dashes, policy->policy == POL_NONE ? "none" : "ipsec");
	if (options_is_seen(&policy->marks, STRICT))
		text_printf(out, " %sstrict", dashes);
}

static void print(const void *config, struct text *out)
{
	const struct policy_config *policy = config;

	print_flags(policy, "--", out);
	if (policy->policy == POL_NONE)
		return;
	for (uint32_t i = 0; i <= policy->n_next; i++) {
		print_element(&policy->elements[i], "--", false, out);
		text_append(out, i < policy->n_next ? " --next" : "");
	}
}

static void list(const void *config, struct text *out)
{
	const struct policy_config *policy = config;

	text_append(out, " policy match");
	print_flags(policy, "", out);
	if (policy->policy == POL_NONE)
		return;
	for (uint32_t i = 0; i <= policy->n_next; i++) {
		if (policy->n_next)
			text_printf(out, " [%u]", i);
		print_element(&policy->elements[i], "", true, out);
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct policy_config *policy = config;
	struct annotation_value value;

	text_append(out, "policy");
	print(config, out);
	if (!annotation_find(subject->annotations, subject->packet, policy->direction == DIR_IN ? ANNOTATION_IPSEC_IN : ANNOTATION_IPSEC_OUT, &value))
		text_append(out, ": nobody said whether IPsec has to do with the packet");
	else
		text_append(out, value.number == ANNOTATION_IPSEC_NONE ? ": IPsec has nothing to do with the packet" :
								   ": IPsec has to do with the packet");
}

const struct match_type match_policy = {
	.name = "policy",
	.summary = "IPsec policy",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotations ipsec-in, ipsec-out",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct policy_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
