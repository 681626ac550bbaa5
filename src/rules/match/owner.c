/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m owner: the process that sent the packet. Linux 6.18, xt_owner.c: owner_mt().
 *
 * A capture does not say whose process sent a packet of the host: where no annotation tells, whether such a rule matches
 * is unknown. Packets without a socket (forwarded, or made by the kernel) have a certain answer.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rules/match_parts.h"

enum { UID, GID, SOCKET, GROUPS };

enum { NAME_LONGEST = 63 };

struct owner_range {
	uint32_t first, last;
	char name[NAME_LONGEST + 1];	/* of a user or group that only the host's own files know; else "" */
};

struct owner_config {
	struct option_marks marks;
	struct owner_range users, groups;
};

/* strtoul(3) in any base; the largest number means "none" and is not allowed. */
static bool read_id(const char **at, uint32_t *id)
{
	uint64_t wide;

	if (!options_read_number(*at, at, &wide) || wide >= UINT32_MAX)
		return false;
	*id = (uint32_t)wide;
	return true;
}

static bool parse_range(struct owner_range *range, const struct argument *value, const char *noun,
			struct diagnostics *diagnostics)
{
	const char *at = value->text;

	if (strcmp(at, "root") == 0) {
		range->first = range->last = 0;
		return true;
	}
	if (isalpha((unsigned char)at[0]) || at[0] == '_') {
		strncat(range->name, at, NAME_LONGEST);
		diag_warning(diagnostics, value->where, "iptables-save would print its number",
			     "the %s \"%s\" is known to the host alone", noun, range->name);
		return true;
	}
	if (read_id(&at, &range->first)) {
		range->last = range->first;
		if (*at == '-' || *at == ':') {
			at++;
			if (!read_id(&at, &range->last))
				at = "?";
		}
		if (!*at)
			return true;
	}
	diag_error(diagnostics, value->where, "NUMBER or NUMBER-NUMBER", "\"%s\" is not a %s", value->text, noun);
	return false;
}

static bool parse_users(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return parse_range(&((struct owner_config *)config)->users, values, "user", diagnostics);
}

static bool parse_groups(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	(void)place;
	return parse_range(&((struct owner_config *)config)->groups, values, "group", diagnostics);
}

static void print_range(const char *option, const struct owner_range *range, struct text *out)
{
	text_printf(out, "%s ", option);
	if (range->name[0])
		text_append(out, range->name);
	else if (range->first == range->last)
		text_append_u64(out, range->first);
	else
		text_printf(out, "%u-%u", range->first, range->last);
}

/* iptables 1.8.9 wants the group before it: owner_mt_parse(). */
static bool parse_suppl_groups(void *config, const struct argument *values, const struct extension_place *place,
			       struct diagnostics *diagnostics)
{
	(void)values;
	if (options_is_seen(config, GID))
		return true;
	diag_error(diagnostics, place->where, NULL, "--suppl-groups stands behind --gid-owner");
	return false;
}

static void print_suppl_groups(const void *config, struct text *out)
{
	(void)config;
	text_append(out, "--suppl-groups");
}

static void print_users(const void *config, struct text *out)
{
	print_range("--uid-owner", &((const struct owner_config *)config)->users, out);
}

static void print_groups(const void *config, struct text *out)
{
	print_range("--gid-owner", &((const struct owner_config *)config)->groups, out);
}

static const struct option_spec options[] = {
	{ .name = "socket-exists", .kind = OPTION_FLAG, .flags = OPTION_INVERTIBLE, .mark = SOCKET,
	  .summary = "a socket sent the packet" },
	{ .name = "uid-owner", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = UID,
	  .value_name = "user[-user]", .parse = parse_users, .print = print_users, .summary = "of a process of this user" },
	{ .name = "gid-owner", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = GID,
	  .value_name = "group[-group]", .parse = parse_groups, .print = print_groups,
	  .summary = "of a process of this group" },
	{ .name = "suppl-groups", .kind = OPTION_CUSTOM, .mark = GROUPS, .parse = parse_suppl_groups,
	  .print = print_suppl_groups, .summary = "--gid-owner looks at all groups of the user" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct owner_config *owner = config;

	if (owner->users.first > owner->users.last || owner->groups.first > owner->groups.last) {
		diag_error(diagnostics, place->where, "the smaller one comes first", "a range of owners is empty");
		return false;
	}
	return match_parts_need_option(config, 1 << UID | 1 << GID | 1 << SOCKET, "owner needs --uid-owner, --gid-owner or --socket-exists", place,
				       diagnostics);
}

static bool is_without_socket(const struct subject *subject)
{
	return !subject->is_from_process || (subject->hook != HOOK_OUTPUT && subject->hook != HOOK_POSTROUTING);
}

static enum match_result id_holds(const struct option_marks *marks, unsigned mark, const struct owner_range *range,
				  const struct annotation_value *id)
{
	if (range->name[0])
		return MATCH_UNKNOWN;
	return match_parts_holds(marks, mark, id->number >= range->first && id->number <= range->last) ? MATCH_YES : MATCH_NO;
}

static enum match_result user_holds(const struct owner_config *owner, const struct subject *subject)
{
	struct annotation_value user;

	if (!options_is_seen(&owner->marks, UID))
		return MATCH_YES;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_UID, &user))
		return MATCH_UNKNOWN;
	return id_holds(&owner->marks, UID, &owner->users, &user);
}

/* Of a user's other groups nobody tells: with --suppl-groups one that is not in the range says nothing. */
static enum match_result group_holds(const struct owner_config *owner, const struct subject *subject)
{
	struct annotation_value group;
	enum match_result result;

	if (!options_is_seen(&owner->marks, GID))
		return MATCH_YES;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_GID, &group))
		return MATCH_UNKNOWN;
	result = id_holds(&owner->marks, GID, &owner->groups, &group);
	if (options_is_seen(&owner->marks, GROUPS) && (result == MATCH_YES) == options_is_inverted(&owner->marks, GID))
		return MATCH_UNKNOWN;
	return result;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct owner_config *owner = config;
	const struct option_marks *marks = &owner->marks;
	uint32_t criteria = marks->seen & (1 << UID | 1 << GID | 1 << SOCKET);
	enum match_result user, group;

	(void)state;
	if (is_without_socket(subject))
		return (criteria ^ marks->inverted) == 0 ? MATCH_YES : MATCH_NO;
	if (options_is_inverted(marks, SOCKET))
		return MATCH_NO;
	user = user_holds(owner, subject);
	group = group_holds(owner, subject);
	if (user == MATCH_NO || group == MATCH_NO)
		return MATCH_NO;
	return user == MATCH_UNKNOWN ? user : group;
}

static void list_range(const char *title, const struct owner_range *range, bool is_inverted, struct text *out)
{
	text_append(out, is_inverted ? " !" : "");
	text_append_char(out, ' ');
	print_range(title, range, out);
}

static void list(const void *config, struct text *out)
{
	const struct owner_config *owner = config;
	const struct option_marks *marks = &owner->marks;

	if (options_is_seen(marks, SOCKET))
		text_append(out, options_is_inverted(marks, SOCKET) ? " ! owner socket exists" : " owner socket exists");
	if (options_is_seen(marks, UID))
		list_range("owner UID match", &owner->users, options_is_inverted(marks, UID), out);
	if (options_is_seen(marks, GID))
		list_range("owner GID match", &owner->groups, options_is_inverted(marks, GID), out);
	if (options_is_seen(marks, GROUPS))
		text_append(out, " incl. suppl. groups");
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (is_without_socket(subject))
		text_append(out, "owner: no socket sent the packet");
	else if (eval(config, NULL, subject) == MATCH_UNKNOWN)
		text_append(out, "owner: the capture does not say which process sent the packet");
	else
		text_append(out, "owner: somebody else's process sent the packet");
}

const struct match_type match_owner = {
	.name = "owner",
	.summary = "user or group of the process that sent the packet",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotations uid, gid",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct owner_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
