/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m conntrack: the packet's entry. Linux 6.18, xt_conntrack.c: conntrack_mt(), revision 3. */
#include <stdio.h>

#include "rules/ctstate_names.h"
#include "rules/match_parts.h"

/* In the order in which the kernel looks, state first. */
enum criterion {
	CTSTATE, CTDIR, ORIGSRC, ORIGDST, REPLSRC, REPLDST, CTPROTO, ORIGSRCPORT, ORIGDSTPORT, REPLSRCPORT, REPLDSTPORT,
	CTSTATUS, CTEXPIRE, N_CRITERIA,
};

struct conntrack_config {
	struct option_marks marks;
	uint32_t states;		/* enum ctstate_bit */
	uint32_t status;		/* enum status_bit */
	uint32_t direction;		/* enum direction */
	uint32_t protocol;
	struct option_address addresses[4];	/* ORIGSRC .. REPLDST */
	struct number_range ports[4];		/* ORIGSRCPORT .. REPLDSTPORT */
	struct number_range seconds;
};

static const struct option_name status_names[] = {
	{ "NONE", 0 },
	{ "EXPECTED", STATUS_EXPECTED },
	{ "SEEN_REPLY", STATUS_SEEN_REPLY },
	{ "ASSURED", STATUS_ASSURED },
	{ "CONFIRMED", STATUS_CONFIRMED },
	{ NULL, 0 },
};

static const struct option_name direction_names[] = {
	{ "ORIGINAL", DIRECTION_ORIGINAL }, { "REPLY", DIRECTION_REPLY }, { NULL, 0 },
};

static bool parse_protocol(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	struct conntrack_config *wanted = config;
	const char *at = values->text;
	struct option_word word;
	uint8_t protocol = 0;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (!options_parse_protocol(&word, &protocol, diagnostics))
		return false;
	wanted->protocol = protocol;
	return true;
}

static void print_protocol(const void *config, struct text *out)
{
	const struct conntrack_config *wanted = config;

	text_printf(out, "--ctproto %u", wanted->protocol);
}

#define ADDRESS_OPTION(option, criterion, words) \
	{ .name = option, .kind = OPTION_ADDRESS, .flags = OPTION_INVERTIBLE, .mark = criterion, \
	  .offset = offsetof(struct conntrack_config, addresses[criterion - ORIGSRC]), .value_name = "address[/mask]", \
	  .summary = words }
/* iptables 1.8.9, conntrack_dump_ports() */
#define PORT_OPTION(option, criterion, words) \
	{ .name = option, .kind = OPTION_PORT_RANGE, .flags = OPTION_INVERTIBLE | OPTION_HIDES_ZERO, .mark = criterion, \
	  .offset = offsetof(struct conntrack_config, ports[criterion - ORIGSRCPORT]), .value_name = "port[:port]", \
	  .summary = words }

static const struct option_spec options[] = {
	{ .name = "ctstate", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_NAME_PREFIX, .mark = CTSTATE,
	  .field = FIELD_CTSTATE, .offset = offsetof(struct conntrack_config, states), .names = ctstate_names_with_nat,
	  .value_name = "state[,state]", .summary = "the packet's state is one of these" },
	{ .name = "ctproto", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = CTPROTO,
	  .value_name = "protocol", .parse = parse_protocol, .print = print_protocol,
	  .summary = "protocol of the entry" },
	ADDRESS_OPTION("ctorigsrc", ORIGSRC, "source of the original direction"),
	ADDRESS_OPTION("ctorigdst", ORIGDST, "destination of the original direction"),
	ADDRESS_OPTION("ctreplsrc", REPLSRC, "source of the reply direction"),
	ADDRESS_OPTION("ctrepldst", REPLDST, "destination of the reply direction"),
	PORT_OPTION("ctorigsrcport", ORIGSRCPORT, "source port of the original direction"),
	PORT_OPTION("ctorigdstport", ORIGDSTPORT, "destination port of the original direction"),
	PORT_OPTION("ctreplsrcport", REPLSRCPORT, "source port of the reply direction"),
	PORT_OPTION("ctrepldstport", REPLDSTPORT, "destination port of the reply direction"),
	{ .name = "ctstatus", .kind = OPTION_NAME_SET, .flags = OPTION_INVERTIBLE | OPTION_NAME_PREFIX, .mark = CTSTATUS,
	  .offset = offsetof(struct conntrack_config, status), .names = status_names,
	  .value_name = "status[,status]", .summary = "the entry has one of these bits" },
	{ .name = "ctexpire", .kind = OPTION_NUMBER_RANGE, .flags = OPTION_INVERTIBLE, .mark = CTEXPIRE,
	  .offset = offsetof(struct conntrack_config, seconds), .max = UINT32_MAX, .value_name = "seconds[:seconds]",
	  .summary = "whole seconds that the entry has left" },
	{ .name = "ctdir", .kind = OPTION_NAME, .mark = CTDIR, .offset = offsetof(struct conntrack_config, direction),
	  .names = direction_names, .value_name = "direction", .summary = "direction of the packet" },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "conntrack needs at least one option, such as --ctstate", place,
				       diagnostics);
}

static uint32_t state_bits(const struct subject *subject)
{
	const struct tracking *tracking = subject->tracking;
	uint32_t bits = ctstate_bit(subject);

	if (!tracking->connection)
		return bits;
	if (tracking->connection->status & STATUS_SRC_NAT)
		bits |= CTSTATE_BIT_SNAT;
	if (tracking->connection->status & STATUS_DST_NAT)
		bits |= CTSTATE_BIT_DNAT;
	return bits;
}

static struct address address_of(const struct connection *connection, enum criterion criterion)
{
	const struct tuple tuple = connection_tuple(connection, (enum direction)(criterion >= REPLSRC));

	return criterion == ORIGSRC || criterion == REPLSRC ? tuple.source : tuple.destination;
}

static uint16_t port_of(const struct connection *connection, enum criterion criterion)
{
	const struct tuple tuple = connection_tuple(connection, (enum direction)(criterion >= REPLSRCPORT));

	return criterion == ORIGSRCPORT || criterion == REPLSRCPORT ? tuple.source_port : tuple.destination_port;
}

/* Linux 6.18, conntrack_mt(): the time of an entry that is not confirmed yet is no point in time, and counts as over. */
static uint32_t seconds_left(const struct subject *subject)
{
	const struct connection *connection = subject_entry(subject);

	if (connection_is_unconfirmed(connection))
		return 0;
	return vtime_seconds_left(connection->timer.deadline, subject->now, subject->hz);
}

/* Before inversion. */
static bool compare(const struct conntrack_config *wanted, enum criterion criterion, const struct subject *subject)
{
	const struct connection *connection = subject_entry(subject);
	struct address address;

	switch (criterion) {
	case CTSTATE:
		return (wanted->states & state_bits(subject)) != 0;
	case CTDIR:
		return subject->tracking->direction == wanted->direction;
	case CTPROTO:
		return connection_tuple(connection, DIRECTION_ORIGINAL).protocol == wanted->protocol;
	case ORIGSRC: case ORIGDST: case REPLSRC: case REPLDST:
		address = address_of(connection, criterion);
		return option_address_holds(&wanted->addresses[criterion - ORIGSRC], &address);
	case ORIGSRCPORT: case ORIGDSTPORT: case REPLSRCPORT: case REPLDSTPORT:
		return match_parts_is_in_range(&wanted->ports[criterion - ORIGSRCPORT], port_of(connection, criterion));
	case CTSTATUS:
		return (wanted->status & connection->status) != 0;
	case CTEXPIRE:
		return match_parts_is_in_range(&wanted->seconds, seconds_left(subject));
	case N_CRITERIA:
		break;
	}
	return false;
}

/* The first criterion that fails, N_CRITERIA when all hold. Without an entry only the state is looked at, and must be. */
static enum criterion find_failure(const struct conntrack_config *wanted, const struct subject *subject)
{
	uint32_t left = wanted->marks.seen;

	if (!subject_entry(subject) && !(left & 1u << CTSTATE))
		return left ? (enum criterion)__builtin_ctz(left) : CTSTATE;
	if (!subject_entry(subject))
		left = 1u << CTSTATE;
	for (; left; left &= left - 1) {
		enum criterion criterion = (enum criterion)__builtin_ctz(left);

		if (!match_parts_holds(&wanted->marks, criterion, compare(wanted, criterion, subject)))
			return criterion;
	}
	return N_CRITERIA;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return find_failure(config, subject) == N_CRITERIA ? MATCH_YES : MATCH_NO;
}

static enum flow_scope flow_scope(const void *config)
{
	const struct conntrack_config *wanted = config;

	if (options_is_seen(&wanted->marks, CTEXPIRE))
		return FLOW_BEYOND;
	if (options_is_seen(&wanted->marks, CTSTATUS) || wanted->states & (CTSTATE_BIT_SNAT | CTSTATE_BIT_DNAT))
		return FLOW_STATUS;
	return FLOW_SETTLED;
}

static void list(const void *config, struct text *out)
{
	for (unsigned i = 0; i < N_OPTIONS; i++) {
		struct text words;
		const char *at;

		if (!options_is_seen(config, options[i].mark))
			continue;
		text_init(&words);
		options_print_option(&options[i], config, &words);
		at = text_string(&words);
		text_append(out, options_is_inverted(config, options[i].mark) ? " ! " : " ");
		text_append(out, at + (at[0] == '!' ? sizeof("! --") : sizeof("--")) - 1);
		text_clear(&words);
	}
}

static void explain_value(enum criterion criterion, const struct subject *subject, struct text *out)
{
	const struct connection *connection = subject_entry(subject);
	struct address address;

	switch (criterion) {
	case CTSTATE:
		text_append(out, "packet is ");
		match_parts_print_set(ctstate_names_with_nat, state_bits(subject), out);
		break;
	case CTDIR:
		text_append(out, "packet goes in direction ");
		text_append(out, direction_names[subject->tracking->direction].name);
		break;
	case CTPROTO:
		text_printf(out, "entry has %u", connection_tuple(connection, DIRECTION_ORIGINAL).protocol);
		break;
	case ORIGSRC: case ORIGDST: case REPLSRC: case REPLDST:
		text_append(out, "entry has ");
		address = address_of(connection, criterion);
		address_print((enum family)connection_tuple(connection, DIRECTION_ORIGINAL).family, &address, out);
		break;
	case ORIGSRCPORT: case ORIGDSTPORT: case REPLSRCPORT: case REPLDSTPORT:
		text_printf(out, "entry has %u", port_of(connection, criterion));
		break;
	case CTSTATUS:
		text_append(out, "entry has ");
		match_parts_print_set(status_names, connection->status & (STATUS_EXPECTED | STATUS_SEEN_REPLY |
				      STATUS_ASSURED | STATUS_CONFIRMED), out);
		break;
	case CTEXPIRE:
		text_printf(out, "entry has %u s left", seconds_left(subject));
		break;
	case N_CRITERIA:
		break;
	}
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	enum criterion criterion = find_failure(config, subject);

	for (unsigned i = 0; i < N_OPTIONS; i++) {
		if (options[i].mark != criterion)
			continue;
		options_print_option(&options[i], config, out);
		text_append(out, ": ");
		if (criterion != CTSTATE && !subject_entry(subject))
			text_append(out, "packet has no entry");
		else
			explain_value(criterion, subject, out);
	}
}

const struct match_type match_conntrack = {
	.name = "conntrack",
	.summary = "state of the packet, and everything about its entry",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = N_OPTIONS,
	.config_size = sizeof(struct conntrack_config),
	.check = check,
	.eval = eval,
	.flow_scope = flow_scope,
	.list = list,
	.explain = explain,
};
