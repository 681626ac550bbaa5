/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m hashlimit: a bucket for each address or port. Linux 6.18, xt_hashlimit.c, revision 3: hashlimit_mt(),
 * hashlimit_mt_check(); iptables 1.8.9, libxt_hashlimit.c, whose arithmetic decides what the options mean.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "rules/hashlimit_rate.h"
#include "rules/match_parts.h"

enum { UPTO, ABOVE, SRCMASK, DSTMASK, BURST, SIZE, MAX, GCINTERVAL, EXPIRE, MODE, NAME, RATE_MATCH, RATE_INTERVAL };

enum {
	NAME_LONGEST = 254, DEFAULT_BURST = 5, DEFAULT_GC = 1000, MS = 1000, PORTS_LEN = 4,
};

#define KEY_MODES (HASHLIMIT_SRCIP | HASHLIMIT_SRCPORT | HASHLIMIT_DSTIP | HASHLIMIT_DSTPORT)

struct hashlimit_config {
	struct option_marks marks;
	struct hashlimit_parameters parameters;
	uint32_t unit;			/* of the rate, in seconds */
	uint8_t family;
	char name[NAME_LONGEST + 1];
};

struct hashlimit_state {
	struct hashlimit_table *table;	/* borrowed */
};

static bool parse_upto(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct hashlimit_config *hashlimit = config;

	(void)place;
	return hashlimit_rate_parse(values, &hashlimit->parameters, &hashlimit->unit, diagnostics);
}

static bool parse_burst(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return hashlimit_rate_parse_burst(values, &((struct hashlimit_config *)config)->parameters.burst, diagnostics);
}

static bool parse_mode(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	static const struct option_name names[] = {
		{ "srcip", HASHLIMIT_SRCIP }, { "srcport", HASHLIMIT_SRCPORT }, { "dstip", HASHLIMIT_DSTIP },
		{ "dstport", HASHLIMIT_DSTPORT }, { NULL, 0 },
	};
	struct hashlimit_config *hashlimit = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	while (at) {
		const struct option_name *name = names;

		options_next_word(values, &at, at[strcspn(at, ",|")] == '|' ? '|' : ',', &word);
		while (name->name && strcmp(name->name, word.text) != 0)
			name++;
		hashlimit->parameters.mode |= name->value;
		if (name->name || !word.text[0])
			continue;
		options_report_unknown(&word, "mode", names, diagnostics);
		return false;
	}
	return true;
}

static bool parse_len(uint32_t *len, const struct argument *value, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	const char *at = value->text;
	struct option_word word;

	options_next_word(value, &at, '\0', &word);
	return options_parse_number(&word, 0, place->family == FAMILY_IPV6 ? 128 : 32, len, diagnostics);
}

static bool parse_source_len(void *config, const struct argument *values, const struct extension_place *place,
			     struct diagnostics *diagnostics)
{
	return parse_len(&((struct hashlimit_config *)config)->parameters.source_len, values, place, diagnostics);
}

static bool parse_destination_len(void *config, const struct argument *values, const struct extension_place *place,
				  struct diagnostics *diagnostics)
{
	return parse_len(&((struct hashlimit_config *)config)->parameters.destination_len, values, place, diagnostics);
}

/* atoi(3): whatever follows the number is ignored. */
static bool parse_interval(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	int seconds = atoi(values->text);

	(void)place;
	((struct hashlimit_config *)config)->parameters.interval = (uint32_t)seconds;
	if (seconds > 0)
		return true;
	diag_error(diagnostics, values->where, NULL, "\"%s\" is not a number of seconds", values->text);
	return false;
}

#define TABLE_OPTION(option, id, field, words) \
	{ .name = option, .kind = OPTION_NUMBER, .mark = id, .offset = offsetof(struct hashlimit_config, parameters.field), \
	  .max = UINT32_MAX, .value_name = "number", .summary = words }

static const struct option_spec options[] = {
	{ .name = "hashlimit-upto", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = UPTO,
	  .excludes = 1 << ABOVE, .excluded_names = "--hashlimit-above", .value_name = "rate", .parse = parse_upto,
	  .summary = "matches while the rate is at most this: number[/second|/minute|/hour|/day], number[k|m]b/s" },
	{ .name = "hashlimit-above", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = ABOVE,
	  .excludes = 1 << UPTO, .excluded_names = "--hashlimit-upto", .value_name = "rate", .parse = parse_upto,
	  .summary = "matches what is above the rate" },
	{ .name = "hashlimit", .flags = OPTION_IS_ALIAS, .alias_of = "hashlimit-upto" },
	{ .name = "hashlimit-srcmask", .kind = OPTION_CUSTOM, .n_values = 1, .mark = SRCMASK, .value_name = "length",
	  .parse = parse_source_len, .summary = "prefix of the source that counts" },
	{ .name = "hashlimit-dstmask", .kind = OPTION_CUSTOM, .n_values = 1, .mark = DSTMASK, .value_name = "length",
	  .parse = parse_destination_len, .summary = "prefix of the destination that counts" },
	{ .name = "hashlimit-burst", .kind = OPTION_CUSTOM, .n_values = 1, .mark = BURST, .value_name = "number[k|m]",
	  .parse = parse_burst, .summary = "packets in a row before the rate counts; 5; of bytes: at least a second's worth" },
	TABLE_OPTION("hashlimit-htable-size", SIZE, size, "buckets of the kernel's hash table; 8192"),
	TABLE_OPTION("hashlimit-htable-max", MAX, max, "entries at most; 8 times the size"),
	TABLE_OPTION("hashlimit-htable-gcinterval", GCINTERVAL, gc_interval, "milliseconds between searches for what has expired; 1000"),
	TABLE_OPTION("hashlimit-htable-expire", EXPIRE, expire, "milliseconds without a packet after which an entry ends; a unit of the rate"),
	{ .name = "hashlimit-mode", .kind = OPTION_CUSTOM, .n_values = 1, .mark = MODE, .value_name = "mode[,mode]",
	  .parse = parse_mode, .summary = "one bucket for each srcip, srcport, dstip, dstport; none: one for all" },
	{ .name = "hashlimit-name", .kind = OPTION_STRING, .flags = OPTION_REQUIRED | OPTION_CUT, .mark = NAME,
	  .offset = offsetof(struct hashlimit_config, name), .min = 1, .max = NAME_LONGEST, .value_name = "name",
	  .summary = "the table; rules of one name share it" },
	{ .name = "hashlimit-rate-match", .kind = OPTION_FLAG, .mark = RATE_MATCH, .summary = "measure the rate, without a bucket" },
	{ .name = "hashlimit-rate-interval", .kind = OPTION_CUSTOM, .n_values = 1, .mark = RATE_INTERVAL,
	  .value_name = "seconds", .parse = parse_interval, .summary = "over which it is measured; a unit of the rate" },
};

static void init(void *config)
{
	struct hashlimit_config *hashlimit = config;

	hashlimit->parameters.burst = DEFAULT_BURST;
	hashlimit->parameters.gc_interval = DEFAULT_GC;
	hashlimit->parameters.source_len = hashlimit->parameters.destination_len = UINT32_MAX;	/* check() knows the family */
}

static bool complain(const struct extension_place *place, struct diagnostics *diagnostics, const char *problem)
{
	diag_error(diagnostics, place->where, NULL, "%s", problem);
	return false;
}

/* iptables 1.8.9, hashlimit_mt_check(): a burst of bytes becomes a number of refills. */
static bool settle_burst(struct hashlimit_config *hashlimit, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct hashlimit_parameters *parameters = &hashlimit->parameters;
	bool has_burst = options_is_seen(&hashlimit->marks, BURST);
	uint64_t bytes = hashlimit_rate_bytes(parameters->average);

	if (!(parameters->mode & HASHLIMIT_BYTES)) {
		if (parameters->burst <= HASHLIMIT_BURST_MOST)
			return true;
		return complain(place, diagnostics, "the burst is too large");
	}
	if (has_burst && parameters->burst < bytes) {
		diag_error(diagnostics, place->where, NULL, "the burst must be at least a second's worth: %" PRIu64 " bytes", bytes);
		return false;
	}
	if (has_burst && !options_is_seen(&hashlimit->marks, EXPIRE))
		parameters->expire = HASHLIMIT_BYTE_EXPIRE_BURST * MS;
	/* A rate below 16 bytes a second is 0 here, and iptables divides by it. */
	if (has_burst && !bytes)
		return complain(place, diagnostics, "the rate is too slow for a burst");
	parameters->burst = has_burst ? (uint32_t)(parameters->burst / bytes) + (parameters->burst % bytes != 0) : 0;
	return true;
}

static bool check_kernel(const struct hashlimit_config *hashlimit, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	const struct hashlimit_parameters *parameters = &hashlimit->parameters;
	uint32_t hz = VTIME_DEFAULT_HZ;

	if (!parameters->gc_interval || !parameters->expire)
		return complain(place, diagnostics, "--hashlimit-htable-gcinterval and -expire cannot be 0");
	if (parameters->mode & HASHLIMIT_RATE_MATCH) {
		if (!parameters->average || parameters->average > UINT32_MAX)
			return complain(place, diagnostics, "this rate is too fast for --hashlimit-rate-match");
	} else if (parameters->mode & HASHLIMIT_BYTES) {
		if (!hashlimit_table_byte_price((uint32_t)parameters->average, hz))
			return complain(place, diagnostics, "the rate is too high for the kernel's arithmetic");
	} else if (!parameters->burst || hashlimit_table_credits(parameters->average * parameters->burst, hz) <
						 hashlimit_table_credits(parameters->average, hz)) {
		return complain(place, diagnostics, "this burst at so low a rate overflows the kernel's arithmetic");
	}
	return match_parts_check_name(hashlimit->name, place, diagnostics);
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct hashlimit_config *hashlimit = config;
	struct hashlimit_parameters *parameters = &hashlimit->parameters;
	const struct option_marks *marks = &hashlimit->marks;
	uint32_t whole_len = place->family == FAMILY_IPV6 ? 128 : 32;

	if (!match_parts_need_option(config, 1 << UPTO | 1 << ABOVE, "hashlimit needs --hashlimit-upto or --hashlimit-above",
				     place, diagnostics))
		return false;
	hashlimit->family = (uint8_t)place->family;
	if (options_is_seen(marks, ABOVE) != (marks->inverted != 0))
		parameters->mode |= HASHLIMIT_ABOVE;
	if (parameters->source_len > whole_len)
		parameters->source_len = whole_len;
	if (parameters->destination_len > whole_len)
		parameters->destination_len = whole_len;
	if (!options_is_seen(marks, EXPIRE))
		parameters->expire = hashlimit->unit * MS;
	if (!settle_burst(hashlimit, place, diagnostics))
		return false;
	if (options_is_seen(marks, RATE_MATCH)) {
		parameters->mode |= HASHLIMIT_RATE_MATCH;
		if (!(parameters->mode & HASHLIMIT_BYTES))
			parameters->average /= hashlimit->unit;
		if (!parameters->interval)
			parameters->interval = parameters->mode & HASHLIMIT_BYTES ? 1 : hashlimit->unit;
	}
	return check_kernel(hashlimit, place, diagnostics);
}

static void attach(const void *config, void *state, struct shared_states *shared)
{
	const struct hashlimit_config *hashlimit = config;
	const char *kind = hashlimit->family == FAMILY_IPV6 ? "hashlimit6" : "hashlimit";
	struct hashlimit_table *table = shared_states_find(shared, kind, hashlimit->name);

	if (!table) {
		table = hashlimit_table_create(&hashlimit->parameters, shared->hz);
		shared_states_add(shared, kind, hashlimit->name, table, hashlimit_table_destroy);
	}
	((struct hashlimit_state *)state)->table = table;
}

static struct address masked(const struct address *address, enum family family, uint32_t len)
{
	struct address mask = address_prefix_mask(family, len), result;

	for (unsigned i = 0; i < 4; i++)
		result.word[i] = address->word[i] & mask.word[i];
	return result;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP || protocol == PROTOCOL_ESP || protocol == PROTOCOL_AH;
}

/* Linux 6.18, hashlimit_init_dst(); proto_ports_offset() takes the SPI of ESP and AH for ports. */
static bool make_key(const struct hashlimit_parameters *parameters, const struct packet *packet, struct hashlimit_key *key)
{
	enum family family = (enum family)packet->family;
	uint32_t spi_offset = packet->protocol == PROTOCOL_AH ? 4 : 0;
	struct cursor cursor;

	memset(key, 0, sizeof(*key));
	if (parameters->mode & HASHLIMIT_SRCIP)
		key->source = masked(&packet->source, family, parameters->source_len);
	if (parameters->mode & HASHLIMIT_DSTIP)
		key->destination = masked(&packet->destination, family, parameters->destination_len);
	if (!(parameters->mode & (HASHLIMIT_SRCPORT | HASHLIMIT_DSTPORT)))
		return true;
	if (packet->l4_unreachable && packet->family == FAMILY_IPV6)
		return false;
	if (!has_ports(packet->protocol))
		return true;
	if (packet->l4_len < spi_offset + PORTS_LEN)
		return false;
	cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + spi_offset);
	if (parameters->mode & HASHLIMIT_SRCPORT)
		key->source_port = cursor_u16(&cursor);
	else
		cursor_skip(&cursor, 2);
	if (parameters->mode & HASHLIMIT_DSTPORT)
		key->destination_port = cursor_u16(&cursor);
	return true;
}

/* "10.0.0.2 > *:53": what the key holds, a star for what it does not. */
static void print_key(const struct hashlimit_parameters *parameters, const struct hashlimit_key *key, enum family family,
		      struct text *out)
{
	if (parameters->mode & HASHLIMIT_SRCIP)
		address_print(family, &key->source, out);
	else
		text_append_char(out, '*');
	if (parameters->mode & HASHLIMIT_SRCPORT)
		text_printf(out, ":%u", key->source_port);
	text_append(out, " > ");
	if (parameters->mode & HASHLIMIT_DSTIP)
		address_print(family, &key->destination, out);
	else
		text_append_char(out, '*');
	if (parameters->mode & HASHLIMIT_DSTPORT)
		text_printf(out, ":%u", key->destination_port);
}

static void tell(const struct hashlimit_table *table, const struct hashlimit_key *key, const struct hashlimit_charge *charge,
		 const struct subject *subject)
{
	const struct hashlimit_parameters *parameters = hashlimit_table_parameters(table);
	struct event_bucket told = {
		.level = charge->level.credit,
		.cost = charge->level.cost,
		.cap = charge->level.cap,
		.refill = charge->level.refill,
		.is_paid = charge->result == HASHLIMIT_UNDER,
	};
	struct text words;

	text_init(&words);
	if (parameters->mode & KEY_MODES)
		print_key(parameters, key, (enum family)subject->packet->family, &words);
	told.key = text_string(&words);
	match_parts_tell_bucket(subject, &told);
	text_clear(&words);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct hashlimit_parameters *parameters = &((const struct hashlimit_config *)config)->parameters;
	struct hashlimit_table *table = ((struct hashlimit_state *)state)->table;
	struct hashlimit_charge charge;
	struct hashlimit_key key;

	if (!make_key(hashlimit_table_parameters(table), subject->packet, &key))
		return MATCH_HOTDROP;
	charge = hashlimit_table_charge(table, &key, parameters->mode, subject->packet->total_len, subject->now);
	if (charge.result == HASHLIMIT_FULL)
		return MATCH_HOTDROP;
	if (charge.level.cap && match_parts_wants_bucket(subject))
		tell(table, &key, &charge, subject);
	return (charge.result == HASHLIMIT_UNDER) != ((parameters->mode & HASHLIMIT_ABOVE) != 0) ? MATCH_YES : MATCH_NO;
}

static void print_mode(uint32_t mode, const char *title, char separator, struct text *out)
{
	static const struct option_name names[] = {
		{ "srcip", HASHLIMIT_SRCIP }, { "srcport", HASHLIMIT_SRCPORT }, { "dstip", HASHLIMIT_DSTIP },
		{ "dstport", HASHLIMIT_DSTPORT },
	};
	char before = ' ';

	if (!(mode & KEY_MODES))
		return;
	text_append(out, title);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(mode & names[i].value))
			continue;
		text_printf(out, "%c%s", before, names[i].name);
		before = separator;
	}
}

static void print_tail(const struct hashlimit_config *hashlimit, const char *dashes, uint32_t usual_expire, struct text *out)
{
	const struct hashlimit_parameters *parameters = &hashlimit->parameters;
	uint32_t whole_len = hashlimit->family == FAMILY_IPV6 ? 128 : 32;

	if (parameters->size)
		text_printf(out, " %shtable-size %u", dashes, parameters->size);
	if (parameters->max)
		text_printf(out, " %shtable-max %u", dashes, parameters->max);
	if (parameters->gc_interval != DEFAULT_GC)
		text_printf(out, " %shtable-gcinterval %u", dashes, parameters->gc_interval);
	if (parameters->expire != usual_expire)
		text_printf(out, " %shtable-expire %u", dashes, parameters->expire);
	if (parameters->source_len != whole_len)
		text_printf(out, " %ssrcmask %u", dashes, parameters->source_len);
	if (parameters->destination_len != whole_len)
		text_printf(out, " %sdstmask %u", dashes, parameters->destination_len);
	if (!(parameters->mode & HASHLIMIT_RATE_MATCH))
		return;
	text_printf(out, " %srate-match", dashes);
	if (parameters->interval != 1)
		text_printf(out, " %srate-interval %u", dashes, parameters->interval);
}

static void print(const void *config, struct text *out)
{
	const struct hashlimit_config *hashlimit = config;
	const struct hashlimit_parameters *parameters = &hashlimit->parameters;
	uint32_t usual_expire;

	text_append(out, parameters->mode & HASHLIMIT_ABOVE ? " --hashlimit-above" : " --hashlimit-upto");
	if (parameters->mode & HASHLIMIT_BYTES) {
		usual_expire = hashlimit_rate_print_bytes(parameters, "--hashlimit-", out);
	} else {
		usual_expire = hashlimit_rate_print_packets(parameters->average, out);
		text_printf(out, " --hashlimit-burst %" PRIu64, parameters->burst);
	}
	print_mode(parameters->mode, " --hashlimit-mode", ',', out);
	text_printf(out, " --hashlimit-name %s", hashlimit->name);
	print_tail(hashlimit, "--hashlimit-", usual_expire, out);
}

static void list(const void *config, struct text *out)
{
	const struct hashlimit_config *hashlimit = config;
	const struct hashlimit_parameters *parameters = &hashlimit->parameters;
	uint32_t usual_expire;

	text_append(out, parameters->mode & HASHLIMIT_ABOVE ? " limit: above" : " limit: up to");
	if (parameters->mode & HASHLIMIT_BYTES) {
		usual_expire = hashlimit_rate_print_bytes(parameters, "", out);
	} else {
		usual_expire = hashlimit_rate_print_packets(parameters->average * (parameters->interval ? parameters->interval : 1), out);
		text_printf(out, " burst %" PRIu64, parameters->burst);
	}
	print_mode(parameters->mode, " mode", '-', out);
	print_tail(hashlimit, "", usual_expire, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct hashlimit_config *hashlimit = config;

	(void)subject;
	text_printf(out, "hashlimit %s: this packet's bucket is %s", hashlimit->name,
		    hashlimit->parameters.mode & HASHLIMIT_ABOVE ? "not empty: the rate is below the limit" :
								   "empty: the rate is above the limit");
}

const struct match_type match_hashlimit = {
	.name = "hashlimit",
	.hotdrop = "its table is full, or the packet does not hold its ports",
	.summary = "rates for each address or port",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct hashlimit_config),
	.state_size = sizeof(struct hashlimit_state),
	.init = init,
	.check = check,
	.attach = attach,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
