/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j CT: how a new connection is to be tracked. Linux 6.18, xt_CT.c: xt_ct_target(), xt_ct_tg_check().
 */
#include <string.h>
#include <strings.h>

#include "conntrack/helper.h"
#include "conntrack/timeout_policy.h"
#include "conntrack/tracker.h"
#include "rules/options.h"

enum { NOTRACK, HELPER, TIMEOUT, CTEVENTS, EXPEVENTS, ZONE, ZONE_ORIG, ZONE_REPLY };

enum { HELPER_LONGEST = 15, TIMEOUT_LONGEST = 31, ZONE_MOST = UINT16_MAX };

struct ct_config {
	struct option_marks marks;
	uint32_t events, expectation_events;
	uint32_t zone;
	bool zone_is_mark, is_original, is_reply;
	char helper[HELPER_LONGEST + 1], timeout[TIMEOUT_LONGEST + 1];
	struct template template;
};

static const struct option_name event_names[] = {
	{ "new", CONNTRACK_EVENT_NEW }, { "related", CONNTRACK_EVENT_RELATED }, { "destroy", CONNTRACK_EVENT_DESTROY },
	{ "reply", CONNTRACK_EVENT_REPLY }, { "assured", CONNTRACK_EVENT_ASSURED },
	{ "protoinfo", CONNTRACK_EVENT_PROTOINFO }, { "helper", CONNTRACK_EVENT_HELPER }, { "mark", CONNTRACK_EVENT_MARK },
	{ "natseqinfo", CONNTRACK_EVENT_SEQADJ }, { "secmark", CONNTRACK_EVENT_SECMARK }, { NULL, 0 },
};

static const struct option_name expectation_event_names[] = { { "new", CONNTRACK_EVENT_NEW }, { NULL, 0 } };

static bool parse_zone(void *config, const struct argument *values, struct diagnostics *diagnostics)
{
	struct ct_config *ct = config;
	const char *at = values->text;
	struct option_word word;

	if (strcasecmp(values->text, "mark") == 0) {
		ct->zone_is_mark = true;
		return true;
	}
	options_next_word(values, &at, '\0', &word);
	return options_parse_number(&word, 0, ZONE_MOST, &ct->zone, diagnostics);
}

static bool parse_zone_both(void *config, const struct argument *values, const struct extension_place *place,
			    struct diagnostics *diagnostics)
{
	(void)place;
	return parse_zone(config, values, diagnostics);
}

static bool parse_zone_original(void *config, const struct argument *values, const struct extension_place *place,
				struct diagnostics *diagnostics)
{
	struct ct_config *ct = config;

	(void)place;
	ct->is_original = true;
	return parse_zone(config, values, diagnostics);
}

static bool parse_zone_reply(void *config, const struct argument *values, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	struct ct_config *ct = config;

	(void)place;
	ct->is_reply = true;
	return parse_zone(config, values, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "notrack", .kind = OPTION_FLAG, .mark = NOTRACK, .summary = "no connection tracking for the packet" },
	{ .name = "helper", .kind = OPTION_STRING, .flags = OPTION_CUT, .mark = HELPER, .offset = offsetof(struct ct_config, helper),
	  .max = HELPER_LONGEST, .value_name = "name", .summary = "this helper for the connection" },
	{ .name = "timeout", .kind = OPTION_STRING, .mark = TIMEOUT, .offset = offsetof(struct ct_config, timeout),
	  .max = TIMEOUT_LONGEST, .value_name = "name",
	  .summary = "this timeout policy for the connection" },
	{ .name = "ctevents", .kind = OPTION_NAME_SET, .flags = OPTION_NAME_EXACT, .mark = CTEVENTS,
	  .offset = offsetof(struct ct_config, events), .names = event_names, .value_name = "event[,event]",
	  .summary = "only these events of the connection" },
	{ .name = "expevents", .kind = OPTION_NAME_SET, .flags = OPTION_NAME_EXACT, .mark = EXPEVENTS,
	  .offset = offsetof(struct ct_config, expectation_events), .names = expectation_event_names,
	  .value_name = "event[,event]", .summary = "only these events of its expectations" },
	{ .name = "zone", .kind = OPTION_CUSTOM, .n_values = 1, .mark = ZONE, .value_name = "number|mark",
	  .parse = parse_zone_both, .summary = "the connection's zone" },
	{ .name = "zone-orig", .kind = OPTION_CUSTOM, .n_values = 1, .mark = ZONE_ORIG, .value_name = "number|mark",
	  .parse = parse_zone_original, .summary = "the zone of the original direction" },
	{ .name = "zone-reply", .kind = OPTION_CUSTOM, .n_values = 1, .mark = ZONE_REPLY, .value_name = "number|mark",
	  .parse = parse_zone_reply, .summary = "the zone of the reply direction" },
};

static bool has_protocol(const struct ct_config *ct, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (place->protocol && !place->protocol_is_inverted)
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp or the like", "CT --%s needs a protocol",
		   ct->helper[0] ? "helper" : "timeout");
	return false;
}

static bool check_helper(struct ct_config *ct, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (!has_protocol(ct, place, diagnostics))
		return false;
	ct->template.helper = helper_find(ct->helper, place->protocol, place->family);
	if (ct->template.helper)
		return true;
	diag_error(diagnostics, place->where, NULL, "there is no helper \"%s\" for this protocol over %s", ct->helper,
		   place->family == FAMILY_IPV6 ? "IPv6" : "IPv4");
	return false;
}

/* Linux 6.18, nf_ct_set_timeout() */
static bool check_timeout(struct ct_config *ct, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct timeout_policy *policy;

	if (!has_protocol(ct, place, diagnostics))
		return false;
	policy = place->policies ? timeout_policies_find(place->policies, ct->timeout) : NULL;
	if (!policy) {
		diag_error(diagnostics, place->where, "--timeouts FILE reads policies, as `nfct add timeout` makes them",
			   "there is no timeout policy \"%s\"", ct->timeout);
		return false;
	}
	if (policy->family != place->family || policy->protocol != tracker_find(place->protocol, place->profile)->protocol) {
		diag_error(diagnostics, place->where, NULL, "the timeout policy \"%s\" is for another protocol", ct->timeout);
		return false;
	}
	ct->template.policy = policy;
	return true;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct ct_config *ct = config;
	bool has_both = ct->is_original == ct->is_reply;

	/* Linux 6.18, xt_ct_tg_check(): with --notrack the rest is not even looked at. */
	if (options_is_seen(&ct->marks, NOTRACK))
		return true;
	ct->template = (struct template){
		.is_set = true,
		.zone = (uint16_t)ct->zone,
		.zone_is_mark = ct->zone_is_mark,
		.zones = { [DIRECTION_ORIGINAL] = has_both || ct->is_original, [DIRECTION_REPLY] = has_both || ct->is_reply },
		.events = (uint16_t)ct->events,
		.expectation_events = (uint16_t)ct->expectation_events,
	};
	return (!ct->helper[0] || check_helper(ct, place, diagnostics)) &&
	       (!ct->timeout[0] || check_timeout(ct, place, diagnostics));
}

/* Linux 6.18, nf_ct_tmpl_alloc(): to rules an entry without addresses, confirmed, whose time is over. CONNMARK may mark it. */
static void start(const void *config, void *state, struct vtime now, uint32_t hz)
{
	(void)config;
	(void)now;
	(void)hz;
	*(struct connection *)state = (struct connection){ .status = STATUS_CONFIRMED };
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct ct_config *ct = config;

	if (subject_is_attached(subject))
		return TARGET_CONTINUE;
	if (options_is_seen(&ct->marks, NOTRACK)) {
		subject->request.notrack = true;
	} else {
		subject->request.template = ct->template;
		subject->request.template_entry = state;
	}
	return TARGET_CONTINUE;
}

static bool makes_template(const void *config)
{
	return ((const struct ct_config *)config)->template.is_set;
}

static void print_events(const char *dashes, const char *option, const struct option_name *names, uint32_t events,
			 struct text *out)
{
	const char *separator = "";

	if (!events)
		return;
	text_printf(out, " %s%s ", dashes, option);
	for (; names->name; names++) {
		if (!(events & names->value))
			continue;
		text_printf(out, "%s%s", separator, names->name);
		separator = ",";
	}
}

/* iptables 1.8.9, ct_print_v1(), ct_save_v1(): the same words with and without dashes. */
static void print_words(const struct ct_config *ct, const char *dashes, struct text *out)
{
	if (options_is_seen(&ct->marks, NOTRACK))
		text_printf(out, " %snotrack", dashes);
	if (ct->helper[0])
		text_printf(out, " %shelper %s", dashes, ct->helper);
	if (ct->timeout[0])
		text_printf(out, " %stimeout %s", dashes, ct->timeout);
	print_events(dashes, "ctevents", event_names, ct->events, out);
	print_events(dashes, "expevents", expectation_event_names, ct->expectation_events, out);
	if (!ct->zone && !ct->zone_is_mark)
		return;
	text_printf(out, " %szone%s ", dashes, ct->is_original == ct->is_reply ? "" : ct->is_original ? "-orig" : "-reply");
	if (ct->zone_is_mark)
		text_append(out, "mark");
	else
		text_append_u64(out, ct->zone);
}

static void print(const void *config, struct text *out)
{
	print_words(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	text_append(out, " CT");
	print_words(config, "", out);
}

const struct target_type target_ct = {
	.name = "CT",
	.summary = "how the packet's connection is tracked, or that it is not",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_RAW,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ct_config),
	.state_size = sizeof(struct connection),
	.start = start,
	.check = check,
	.makes_template = makes_template,
	.eval = eval,
	.print = print,
	.list = list,
};
