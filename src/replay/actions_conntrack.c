/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conntrack -F, -D, -U and -I on the time line. conntrack-tools 1.4.7; what another option would do is said to be missing. */
#include <stdlib.h>
#include <string.h>

#include "packet/protocol.h"
#include "replay/actions.h"
#include "replay/actions_conntrack.h"

enum { LONGEST_TIMEOUT = INT32_MAX / VTIME_DEFAULT_HZ };

/* Does what is said of an entry change it, or say which is meant? */
static bool changes(const struct command_line *line)
{
	return line->command == 'U' || line->command == 'I';
}

bool actions_conntrack_refuse(const struct command_line *line, size_t word, const char *hint, const char *what)
{
	struct source_range where = word < line->words->n_words ? line->words->words[word].where : line->words->where;

	diag_error(line->diagnostics, where, hint, "%s", what);
	return false;
}

static bool refuse(const struct command_line *line, size_t word, const char *hint, const char *what)
{
	return actions_conntrack_refuse(line, word, hint, what);
}

/* The word behind the option that was read last; NULL after an error. */
static const char *take_value(struct command_line *line)
{
	if (line->next < line->words->n_words)
		return line->words->words[line->next++].text;
	refuse(line, line->next - 1, NULL, "the option needs a value");
	return NULL;
}

/* "VALUE" or "VALUE/MASK", in any base that C knows. */
static bool read_number(const char *text, uint32_t most, uint32_t *value, const char **end)
{
	char *behind;
	unsigned long number = strtoul(text, &behind, 0);

	*end = behind;
	*value = (uint32_t)number;
	return *text >= '0' && *text <= '9' && number <= most;
}

static bool take_number(struct command_line *line, uint32_t most, uint32_t *value)
{
	const char *text = take_value(line), *end;

	if (!text)
		return false;
	if (!read_number(text, most, value, &end) || *end)
		return refuse(line, line->next - 1, NULL, "a number that is too large, or none at all");
	return true;
}

static bool take_mark(struct command_line *line)
{
	const char *text = take_value(line), *end;
	uint32_t value, mask = UINT32_MAX;

	if (!text)
		return false;
	if (!read_number(text, UINT32_MAX, &value, &end) ||
	    (*end == '/' && !read_number(end + 1, UINT32_MAX, &mask, &end)) || *end)
		return refuse(line, line->next - 1, NULL, "a mark is a number, or a number and its mask");
	if (changes(line)) {
		line->action->change.has_mark = true;
		line->action->change.mark = value;
		line->action->change.mark_mask = mask;
	} else {
		line->action->filter.has_mark = true;
		line->action->filter.mark = value;
		line->action->filter.mark_mask = mask;
	}
	return true;
}

static bool take_family(struct command_line *line)
{
	const char *text = take_value(line);

	if (!text)
		return false;
	if (strcmp(text, "ipv4") != 0 && strcmp(text, "ipv6") != 0)
		return refuse(line, line->next - 1, NULL, "a family is ipv4 or ipv6");
	line->action->filter.family = strcmp(text, "ipv4") == 0 ? FAMILY_IPV4 : FAMILY_IPV6;
	return true;
}

static bool take_protocol(struct command_line *line)
{
	struct entry_filter *filter = &line->action->filter;
	const char *text = take_value(line), *end;
	uint32_t number;

	if (!text)
		return false;
	filter->has_protocol = true;
	if (strcmp(text, "icmpv6") == 0)
		text = "ipv6-icmp";
	if (read_number(text, UINT8_MAX, &number, &end) && !*end)
		filter->protocol = (uint8_t)number;
	else if (!protocol_parse(text, &filter->protocol))
		return refuse(line, line->next - 1, NULL, "an unknown protocol");
	return true;
}

static bool read_address(struct command_line *line, enum filter_end end, const char *text)
{
	struct entry_filter *filter = &line->action->filter;
	enum family family = filter->family;

	if (!address_parse_masked(text, strlen(text), &family, &filter->address[end]) ||
	    (filter->family != FAMILY_NONE && filter->family != family))
		return refuse(line, line->next - 1, NULL, "not an address, or one of the other family");
	filter->family = family;
	filter->has_address[end] = true;
	return true;
}

static bool take_address(struct command_line *line, enum filter_end end)
{
	const char *text = take_value(line);

	if (text && end >= FILTER_REPLY_SOURCE && strchr(text, '/'))
		return refuse(line, line->next - 1, NULL, "conntrack takes one address of the reply direction, and no network");
	if (!text || !read_address(line, end, text))
		return false;
	if (end < FILTER_REPLY_SOURCE) {
		line->address[end] = text;
		line->has_mask[end] = line->has_mask[end] && !strchr(text, '/');
	}
	return true;
}

static bool take_mask(struct command_line *line, enum filter_end end)
{
	const char *text = take_value(line);

	if (!text)
		return false;
	line->mask_family[end] = FAMILY_NONE;
	if (!address_parse(text, strlen(text), &line->mask_family[end], &line->mask[end]))
		return refuse(line, line->next - 1, "255.255.255.0", "a mask is an address");
	line->has_mask[end] = true;
	return true;
}

/* conntrack-tools 1.4.7, seen live: what stands last counts, a mask or the length behind an address; the address need not fit it. */
static bool apply_masks(struct command_line *line)
{
	struct entry_filter *filter = &line->action->filter;

	for (int end = 0; end < FILTER_REPLY_SOURCE; end++) {
		struct masked_address *address = &filter->address[end];
		enum family family = filter->family;

		if (!line->has_mask[end])
			continue;
		if (!line->address[end])
			return refuse(line, line->first, NULL, end == FILTER_ORIGINAL_SOURCE ? "conntrack takes --mask-src with --src alone"
											   : "conntrack takes --mask-dst with --dst alone");
		if (line->mask_family[end] != filter->family)
			return refuse(line, line->first, NULL, "a mask of the other family");
		address_parse(line->address[end], strcspn(line->address[end], "/"), &family, &address->address);
		address->mask = line->mask[end];
		for (int i = 0; i < 4; i++)
			address->address.word[i] &= address->mask.word[i];
	}
	return true;
}

static bool take_port(struct command_line *line, enum filter_end end)
{
	uint32_t number;

	if (!take_number(line, UINT16_MAX, &number))
		return false;
	line->action->filter.has_port[end] = true;
	line->action->filter.port[end] = (uint16_t)number;
	return true;
}

/* "ADDRESS", "IPV4:PORT" or "[IPV6]:PORT", as far as the address. */
static size_t address_len(const char *text, const char **port)
{
	const char *bracket = *text == '[' ? strchr(text, ']') : NULL, *colon = strchr(text, ':');

	*port = NULL;
	if (bracket && bracket[1] == ':')
		*port = bracket + 2;
	else if (!bracket && colon && !strchr(colon + 1, ':'))
		*port = colon + 1;
	if (bracket)
		return (size_t)(bracket - text - 1);
	return *port ? (size_t)(colon - text) : strlen(text);
}

/* -n, -g: translated at all, to an address, or to an address and a port. */
static bool take_translation(struct command_line *line, enum filter_translation which)
{
	struct entry_filter *filter = &line->action->filter;
	struct translation_filter *translation = &filter->translation[which];
	enum family family = FAMILY_NONE;
	const char *text, *port, *end;
	uint32_t number = 0;
	size_t len;

	translation->is_wanted = true;
	if (line->next == line->words->n_words || *line->words->words[line->next].text == '-')
		return true;
	if (line->command == 'U')
		return refuse(line, line->next, NULL, "conntrack -U cannot change a translation: the option takes no address here");
	text = take_value(line);
	len = address_len(text, &port);
	if (!address_parse(text + (*text == '['), len, &family, &translation->address) ||
	    (filter->family != FAMILY_NONE && filter->family != family))
		return refuse(line, line->next - 1, NULL, "not an address, or one of the other family");
	if (port && (!read_number(port, UINT16_MAX, &number, &end) || *end))
		return refuse(line, line->next - 1, NULL, "a port is a number, and one alone");
	filter->family = family;
	translation->has_address = true;
	translation->has_port = port != NULL;
	translation->port = (uint16_t)number;
	return true;
}

static bool take_status(struct command_line *line)
{
	static const struct { const char *name; uint32_t bit; } names[] = {
		{ "ASSURED", STATUS_ASSURED }, { "SEEN_REPLY", STATUS_SEEN_REPLY }, { "UNSET", 0 },
		{ "FIXED_TIMEOUT", STATUS_FIXED_TIMEOUT }, { "EXPECTED", STATUS_EXPECTED },
	};
	uint32_t *status = changes(line) ? &line->action->change.status : &line->action->filter.status;
	const char *at = take_value(line);

	while (at) {
		size_t len = strcspn(at, ","), i = 0;

		while (i < sizeof(names) / sizeof(names[0]) &&
		       (strlen(names[i].name) != len || strncmp(names[i].name, at, len) != 0))
			i++;
		if (i == sizeof(names) / sizeof(names[0]))
			return refuse(line, line->next - 1, "ASSURED, SEEN_REPLY, FIXED_TIMEOUT, EXPECTED", "an unknown status");
		*status |= names[i].bit;
		if (!at[len])
			return true;
		at += len + 1;
	}
	return false;
}

/* conntrack-tools 1.4.7, seen live: -u behind -m takes the mark's place. */
static void status_becomes_mark(struct command_line *line)
{
	line->action->filter.mark = line->action->filter.status;
	line->action->change.mark = line->action->change.status;
}

static bool take_byte(struct command_line *line, bool *has, uint8_t *value)
{
	uint32_t number = 0;

	*has = take_number(line, UINT8_MAX, &number);
	*value = (uint8_t)number;
	return *has;
}

static bool take_zone(struct command_line *line, bool is_original, bool is_reply)
{
	uint32_t number;

	if (!take_number(line, UINT16_MAX, &number))
		return false;
	for (int direction = 0; direction < 2; direction++) {
		if (direction == DIRECTION_ORIGINAL ? !is_original : !is_reply)
			continue;
		line->action->filter.has_zone[direction] = true;
		line->action->filter.zone[direction] = (uint16_t)number;
	}
	return true;
}

static bool take_label(struct command_line *line, uint64_t labels[2])
{
	uint32_t bit;

	if (!take_number(line, ENTRY_LABELS - 1, &bit))
		return false;
	labels[bit / 64] |= UINT64_C(1) << bit % 64;
	return true;
}

static bool take_timeout(struct command_line *line)
{
	line->action->change.has_timeout = true;
	return take_number(line, LONGEST_TIMEOUT, &line->action->change.timeout_seconds);
}

static bool take_id(struct command_line *line)
{
	uint32_t id;

	if (!take_number(line, UINT32_MAX, &id))
		return false;
	line->action->filter.has_id = true;
	line->action->filter.id = id;
	return true;
}

/* A number of 32 bits that is of use to -I alone. */
static bool take_tag(struct command_line *line, enum direction direction)
{
	if (line->command != 'I')
		return refuse(line, line->next - 1, NULL, "conntrack -I alone takes a tag");
	line->has_tag[direction] = true;
	return take_number(line, UINT32_MAX, &line->action->change.tag[direction]);
}

/* Of DCCP: who sends in the original direction. */
static bool take_role(struct command_line *line)
{
	const char *text = take_value(line);

	if (!text)
		return false;
	line->has_role = true;
	line->action->change.dccp_client = strcmp(text, "server") == 0 ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
	return strcmp(text, "server") == 0 || strcmp(text, "client") == 0 ||
	       refuse(line, line->next - 1, "client, server", "no role of DCCP");
}

/* Which states there are is known when the protocol is. */
static bool take_state(struct command_line *line)
{
	line->state_word = line->next;
	line->state = take_value(line);
	if (!changes(line))
		line->action->filter.state = line->state;
	return line->state != NULL;
}

enum option {
	FAMILY, PROTOCOL, ORIGINAL_SOURCE, ORIGINAL_DESTINATION, REPLY_SOURCE, REPLY_DESTINATION, SOURCE_PORT, DESTINATION_PORT,
	REPLY_SOURCE_PORT, REPLY_DESTINATION_PORT, SOURCE_NAT, DESTINATION_NAT, MARK, STATUS, STATE, ID, ZONE, ORIGINAL_ZONE,
	REPLY_ZONE, TIMEOUT, LABEL, ADD_LABEL, REMOVE_LABEL, ICMP_TYPE, ICMP_CODE, ICMP_IDENTIFIER, ORIGINAL_TAG, REPLY_TAG,
	SOURCE_KEY, DESTINATION_KEY, REPLY_SOURCE_KEY, REPLY_DESTINATION_KEY, ROLE, SOURCE_MASK, DESTINATION_MASK,
};

static const struct option_words {
	const char *names[3];		/* as they are written; NULL: no more */
	enum option option;
	const char *commands;		/* those that have it, by their letters */
} option_names[] = {
	{ { "-f", "--family" }, FAMILY, "DUI" }, { { "-p", "--proto", "--protonum" }, PROTOCOL, "DUI" },
	{ { "-s", "--src", "--orig-src" }, ORIGINAL_SOURCE, "DUI" },
	{ { "-d", "--dst", "--orig-dst" }, ORIGINAL_DESTINATION, "DUI" },
	{ { "--mask-src" }, SOURCE_MASK, "DU" }, { { "--mask-dst" }, DESTINATION_MASK, "DU" },
	{ { "-r", "--reply-src" }, REPLY_SOURCE, "DUI" }, { { "-q", "--reply-dst" }, REPLY_DESTINATION, "DUI" },
	{ { "--sport", "--orig-port-src" }, SOURCE_PORT, "DUI" }, { { "--dport", "--orig-port-dst" }, DESTINATION_PORT, "DUI" },
	{ { "--reply-port-src" }, REPLY_SOURCE_PORT, "DUI" }, { { "--reply-port-dst" }, REPLY_DESTINATION_PORT, "DUI" },
	{ { "-n", "--src-nat" }, SOURCE_NAT, "DUI" }, { { "-g", "--dst-nat" }, DESTINATION_NAT, "DUI" },
	{ { "-m", "--mark" }, MARK, "DUI" }, { { "-u", "--status" }, STATUS, "DUI" }, { { "--state" }, STATE, "DUI" },
	{ { "-i", "--id" }, ID, "DU" }, { { "-w", "--zone" }, ZONE, "DI" }, { { "--orig-zone" }, ORIGINAL_ZONE, "DI" },
	{ { "--reply-zone" }, REPLY_ZONE, "DI" }, { { "-t", "--timeout" }, TIMEOUT, "UI" }, { { "-l", "--label" }, LABEL, "DU" },
	{ { "--label-add" }, ADD_LABEL, "UI" }, { { "--label-del" }, REMOVE_LABEL, "U" },
	{ { "--icmp-type", "--icmpv6-type" }, ICMP_TYPE, "DUI" }, { { "--icmp-code", "--icmpv6-code" }, ICMP_CODE, "DUI" },
	{ { "--icmp-id", "--icmpv6-id" }, ICMP_IDENTIFIER, "DUI" },
	{ { "--orig-vtag" }, ORIGINAL_TAG, "I" }, { { "--reply-vtag" }, REPLY_TAG, "I" }, { { "--role" }, ROLE, "I" },
	{ { "--srckey", "--orig-key-src" }, SOURCE_KEY, "DUI" }, { { "--dstkey", "--orig-key-dst" }, DESTINATION_KEY, "DUI" },
	{ { "--reply-key-src" }, REPLY_SOURCE_KEY, "DUI" }, { { "--reply-key-dst" }, REPLY_DESTINATION_KEY, "DUI" },
};

enum { N_OPTIONS = sizeof(option_names) / sizeof(option_names[0]) };

static const struct option_words *find_option(const char *word)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		for (size_t k = 0; k < 3 && option_names[i].names[k]; k++)
			if (strcmp(option_names[i].names[k], word) == 0)
				return &option_names[i];
	return NULL;
}

/* conntrack-tools 1.4.7, seen live: which keys GRE has is not compared. */
static bool take_key(struct command_line *line, enum filter_end end)
{
	if (!take_port(line, end))
		return false;
	line->action->filter.has_port[end] = line->command == 'I';
	return true;
}

static bool take_of_protocol(struct command_line *line, enum option option)
{
	struct entry_filter *filter = &line->action->filter;

	switch (option) {
	case ICMP_TYPE:
		return take_byte(line, &filter->has_icmp_type, &filter->icmp_type);
	case ICMP_CODE:
		return take_byte(line, &filter->has_icmp_code, &filter->icmp_code);
	case ICMP_IDENTIFIER:
		return take_port(line, FILTER_ORIGINAL_SOURCE);
	case ORIGINAL_TAG: case REPLY_TAG:
		return take_tag(line, option == ORIGINAL_TAG ? DIRECTION_ORIGINAL : DIRECTION_REPLY);
	case SOURCE_PORT: case DESTINATION_PORT: case REPLY_SOURCE_PORT: case REPLY_DESTINATION_PORT:
		return take_port(line, (enum filter_end)(option - SOURCE_PORT));
	case SOURCE_KEY: case DESTINATION_KEY: case REPLY_SOURCE_KEY: case REPLY_DESTINATION_KEY:
		return take_key(line, (enum filter_end)(option - SOURCE_KEY));
	case STATE:
		return take_state(line);
	case ROLE:
		return take_role(line);
	default:
		return false;
	}
}

static bool take_option(struct command_line *line, enum option option)
{
	switch (option) {
	case FAMILY:
		return take_family(line);
	case PROTOCOL:
		return take_protocol(line);
	case ORIGINAL_SOURCE: case ORIGINAL_DESTINATION: case REPLY_SOURCE: case REPLY_DESTINATION:
		return take_address(line, (enum filter_end)(option - ORIGINAL_SOURCE));
	case SOURCE_MASK: case DESTINATION_MASK:
		return take_mask(line, (enum filter_end)(option - SOURCE_MASK));
	case SOURCE_NAT: case DESTINATION_NAT:
		return take_translation(line, option == SOURCE_NAT ? FILTER_SOURCE_NAT : FILTER_DESTINATION_NAT);
	case MARK:
		return take_mark(line);
	case STATUS:
		if (!take_status(line))
			return false;
		status_becomes_mark(line);
		return true;
	case ID:
		return take_id(line);
	case ZONE: case ORIGINAL_ZONE: case REPLY_ZONE:
		return take_zone(line, option != REPLY_ZONE, option != ORIGINAL_ZONE);
	case TIMEOUT:
		return take_timeout(line);
	case LABEL:
		return take_label(line, line->action->filter.labels);
	case ADD_LABEL:
		return take_label(line, line->action->change.add_labels);
	case REMOVE_LABEL:
		return take_label(line, line->action->change.remove_labels);
	default:
		return take_of_protocol(line, option);
	}
}

static bool parse_options(struct command_line *line)
{
	while (line->next < line->words->n_words) {
		const struct option_words *option = find_option(line->words->words[line->next].text);

		if (!option || !strchr(option->commands, line->command))
			return refuse(line, line->next, NULL, "an option of conntrack that is not simulated here");
		line->next++;
		if (!take_option(line, option->option))
			return false;
	}
	return true;
}

/* What -U and -I want beside what their options say. */
static bool check_change(struct command_line *line)
{
	if (!actions_conntrack_find_state(line))
		return false;
	if (line->action->change.status & STATUS_EXPECTED)
		return refuse(line, line->first, NULL, "the kernel lets nobody set EXPECTED");
	if (line->command == 'I')
		return actions_conntrack_make_entry(line);
	if (line->action->filter.family == FAMILY_NONE)
		return refuse(line, line->first, "-f ipv4, or an address", "conntrack -U fails where nothing says which family is meant");
	return true;
}

/* -F takes nothing: every entry goes. -D and -U without a filter mean all as well. */
bool actions_parse_conntrack(const struct lex_words *words, size_t first, struct operator_action *action,
			     struct diagnostics *diagnostics)
{
	static const struct { const char *name; char letter; } commands[] = {
		{ "-F", 'F' }, { "--flush", 'F' }, { "-D", 'D' }, { "--delete", 'D' }, { "-U", 'U' }, { "--update", 'U' },
		{ "-I", 'I' }, { "--create", 'I' },
	};
	struct command_line line = { .words = words, .first = first, .next = first, .action = action, .diagnostics = diagnostics };
	const char *word = first < words->n_words ? words->words[first].text : "";

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, word) == 0)
			line.command = commands[i].letter;
	if (!line.command)
		return refuse(&line, first, "conntrack -D -p tcp --dport 22", "of conntrack, -F, -D, -U and -I are simulated");
	line.next++;
	if (line.command == 'F' && line.next < words->n_words)
		return refuse(&line, line.next, "-D takes filters", "-F empties the table and takes no filter");
	/* conntrack-tools 1.4.7, seen live. */
	action->filter.passes_missing_ports = line.command == 'U';
	action->kind = line.command == 'U' ? OPERATOR_CHANGE : line.command == 'I' ? OPERATOR_CREATE : OPERATOR_REMOVE;
	return parse_options(&line) && apply_masks(&line) && (!changes(&line) || check_change(&line));
}
