/* SPDX-License-Identifier: GPL-2.0-or-later */
/* conntrack -F, -D, -U and -I on the time line. conntrack-tools 1.4.7; what another option would do is said to be missing. */
#include <stdlib.h>
#include <string.h>

#include "packet/protocol.h"
#include "replay/actions.h"
#include "rules/lex.h"

enum { LONGEST_TIMEOUT = INT32_MAX / VTIME_DEFAULT_HZ };

/* The words of one command, read from left to right. */
struct command_line {
	const struct lex_words *words;
	size_t next;
	struct operator_action *action;
	struct diagnostics *diagnostics;
	char command;			/* 'F', 'D', 'U', 'I' */
};

/* Does what is said of an entry change it, or say which is meant? */
static bool changes(const struct command_line *line)
{
	return line->command == 'U' || line->command == 'I';
}

static bool refuse(const struct command_line *line, size_t word, const char *hint, const char *what)
{
	struct source_range where = word < line->words->n_words ? line->words->words[word].where : line->words->where;

	diag_error(line->diagnostics, where, hint, "%s", what);
	return false;
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

	return text && read_address(line, end, text);
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

/* -n, -g: translated at all, or to an address. */
static bool take_translation(struct command_line *line, bool is_source)
{
	struct entry_filter *filter = &line->action->filter;

	*(is_source ? &filter->has_source_nat : &filter->has_destination_nat) = true;
	if (line->next == line->words->n_words || *line->words->words[line->next].text == '-')
		return true;
	return take_address(line, is_source ? FILTER_REPLY_DESTINATION : FILTER_REPLY_SOURCE);
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

static bool take_state(struct command_line *line)
{
	const char *name = take_value(line);
	int state = TCP_STATE_NONE;

	if (!name)
		return false;
	if (!changes(line)) {
		line->action->filter.state = name;
		return true;
	}
	while (state < TCP_STATE_COUNT && strcmp(tcp_states_names[state], name) != 0)
		state++;
	if (state == TCP_STATE_COUNT)
		return refuse(line, line->next - 1, "SYN_SENT, SYN_RECV, ESTABLISHED, ...", "no state of TCP, whose alone can be set here");
	line->action->change.has_state = true;
	line->action->change.state = (enum tcp_state)state;
	return true;
}

enum option {
	FAMILY, PROTOCOL, ORIGINAL_SOURCE, ORIGINAL_DESTINATION, REPLY_SOURCE, REPLY_DESTINATION, SOURCE_PORT, DESTINATION_PORT,
	REPLY_SOURCE_PORT, REPLY_DESTINATION_PORT, SOURCE_NAT, DESTINATION_NAT, MARK, STATUS, STATE, ID, ZONE, ORIGINAL_ZONE,
	REPLY_ZONE, TIMEOUT, ADD_LABEL, REMOVE_LABEL,
};

static const struct option_words {
	const char *names[3];		/* as they are written; NULL: no more */
	enum option option;
	bool is_of_change;		/* -U and -I have it */
} option_names[] = {
	{ { "-f", "--family" }, FAMILY, false }, { { "-p", "--proto" }, PROTOCOL, false },
	{ { "-s", "--src", "--orig-src" }, ORIGINAL_SOURCE, false }, { { "-d", "--dst", "--orig-dst" }, ORIGINAL_DESTINATION, false },
	{ { "-r", "--reply-src" }, REPLY_SOURCE, false }, { { "-q", "--reply-dst" }, REPLY_DESTINATION, false },
	{ { "--sport", "--orig-port-src" }, SOURCE_PORT, false }, { { "--dport", "--orig-port-dst" }, DESTINATION_PORT, false },
	{ { "--reply-port-src" }, REPLY_SOURCE_PORT, false }, { { "--reply-port-dst" }, REPLY_DESTINATION_PORT, false },
	{ { "-n", "--src-nat" }, SOURCE_NAT, false }, { { "-g", "--dst-nat" }, DESTINATION_NAT, false },
	{ { "-m", "--mark" }, MARK, false }, { { "-u", "--status" }, STATUS, false }, { { "--state" }, STATE, false },
	{ { "-i", "--id" }, ID, false }, { { "-w", "--zone" }, ZONE, false }, { { "--orig-zone" }, ORIGINAL_ZONE, false },
	{ { "--reply-zone" }, REPLY_ZONE, false }, { { "-t", "--timeout" }, TIMEOUT, true },
	{ { "--label-add" }, ADD_LABEL, true }, { { "--label-del" }, REMOVE_LABEL, true },
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

static bool take_option(struct command_line *line, enum option option)
{
	switch (option) {
	case FAMILY:
		return take_family(line);
	case PROTOCOL:
		return take_protocol(line);
	case ORIGINAL_SOURCE: case ORIGINAL_DESTINATION: case REPLY_SOURCE: case REPLY_DESTINATION:
		return take_address(line, (enum filter_end)(option - ORIGINAL_SOURCE));
	case SOURCE_PORT: case DESTINATION_PORT: case REPLY_SOURCE_PORT: case REPLY_DESTINATION_PORT:
		return take_port(line, (enum filter_end)(option - SOURCE_PORT));
	case SOURCE_NAT: case DESTINATION_NAT:
		return take_translation(line, option == SOURCE_NAT);
	case MARK:
		return take_mark(line);
	case STATUS:
		return take_status(line);
	case STATE:
		return take_state(line);
	case ID:
		return take_id(line);
	case ZONE: case ORIGINAL_ZONE: case REPLY_ZONE:
		return take_zone(line, option != REPLY_ZONE, option != ORIGINAL_ZONE);
	case TIMEOUT:
		return take_timeout(line);
	case ADD_LABEL:
		return take_label(line, line->action->change.add_labels);
	case REMOVE_LABEL:
		return take_label(line, line->action->change.remove_labels);
	}
	return false;
}

static bool parse_options(struct command_line *line)
{
	while (line->next < line->words->n_words) {
		const struct option_words *option = find_option(line->words->words[line->next].text);

		if (!option || (option->is_of_change && !changes(line)))
			return refuse(line, line->next, NULL, "an option of conntrack that is not simulated here");
		line->next++;
		if (!take_option(line, option->option))
			return false;
	}
	return true;
}

static bool has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP || protocol == PROTOCOL_DCCP;
}

/* The tuple that the filter names, when it names one tuple. As with the tool, what is missing is said. */
static bool make_tuple(struct command_line *line, size_t first)
{
	const struct entry_filter *filter = &line->action->filter;
	static const struct address one = { .word = { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } };
	struct address full = filter->family == FAMILY_IPV6 ? one : address_prefix_mask(FAMILY_IPV4, 32);
	bool has_both = filter->has_address[FILTER_ORIGINAL_SOURCE] && filter->has_address[FILTER_ORIGINAL_DESTINATION];

	if (!filter->has_protocol || !has_both)
		return refuse(line, first, "conntrack -I -p udp -s 10.0.0.1 -d 10.0.0.2 --sport 1000 --dport 53 -t 30",
			      "conntrack -I needs a protocol, a source and a destination");
	if (!address_is_equal(&filter->address[FILTER_ORIGINAL_SOURCE].mask, &full) ||
	    !address_is_equal(&filter->address[FILTER_ORIGINAL_DESTINATION].mask, &full))
		return refuse(line, first, NULL, "conntrack -I makes one entry: its addresses are no networks");
	if (has_ports(filter->protocol) && !(filter->has_port[FILTER_ORIGINAL_SOURCE] && filter->has_port[FILTER_ORIGINAL_DESTINATION]))
		return refuse(line, first, NULL, "conntrack -I needs --sport and --dport here");
	if (filter->protocol == PROTOCOL_ICMP || filter->protocol == PROTOCOL_ICMPV6)
		return refuse(line, first, NULL, "conntrack -I of ICMP is not simulated");
	line->action->original = (struct tuple){
		.source = filter->address[FILTER_ORIGINAL_SOURCE].address,
		.destination = filter->address[FILTER_ORIGINAL_DESTINATION].address,
		.source_port = filter->port[FILTER_ORIGINAL_SOURCE], .destination_port = filter->port[FILTER_ORIGINAL_DESTINATION],
		.zone = filter->zone[DIRECTION_ORIGINAL], .protocol = filter->protocol, .family = (uint8_t)filter->family,
	};
	return true;
}

/* What -U and -I want beside what their options say. */
static bool check_change(struct command_line *line, size_t first)
{
	const struct entry_change_set *change = &line->action->change;
	const struct entry_filter *filter = &line->action->filter;
	bool is_tcp = filter->has_protocol && filter->protocol == PROTOCOL_TCP;

	if (change->has_state && !is_tcp)
		return refuse(line, first, "-p tcp", "the state of TCP alone can be set");
	if (line->command == 'U' && filter->family == FAMILY_NONE)
		return refuse(line, first, "-f ipv4, or an address", "conntrack -U fails where nothing says which family is meant");
	if (line->command == 'U')
		return true;
	if (!change->has_timeout || (is_tcp && !change->has_state))
		return refuse(line, first, NULL, change->has_timeout ? "conntrack -I of TCP needs --state" : "conntrack -I needs a timeout: -t SECONDS");
	return make_tuple(line, first);
}

/* -F takes nothing: every entry goes. -D and -U without a filter mean all as well. */
bool actions_parse_conntrack(const struct lex_words *words, size_t first, struct operator_action *action,
			     struct diagnostics *diagnostics)
{
	static const struct { const char *name; char letter; } commands[] = {
		{ "-F", 'F' }, { "--flush", 'F' }, { "-D", 'D' }, { "--delete", 'D' }, { "-U", 'U' }, { "--update", 'U' },
		{ "-I", 'I' }, { "--create", 'I' },
	};
	struct command_line line = { .words = words, .next = first, .action = action, .diagnostics = diagnostics };
	const char *word = first < words->n_words ? words->words[first].text : "";

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, word) == 0)
			line.command = commands[i].letter;
	if (!line.command)
		return refuse(&line, first, "conntrack -D -p tcp --dport 22", "of conntrack, -F, -D, -U and -I are simulated");
	line.next++;
	if (line.command == 'F' && line.next < words->n_words)
		return refuse(&line, line.next, "-D takes filters", "-F empties the table and takes no filter");
	action->kind = line.command == 'U' ? OPERATOR_CHANGE : line.command == 'I' ? OPERATOR_CREATE : OPERATOR_REMOVE;
	return parse_options(&line) && (!changes(&line) || check_change(&line, first));
}
