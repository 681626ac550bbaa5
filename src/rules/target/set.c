/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j SET: adds to and removes from ipsets, and takes a mark from one. Linux 6.18, xt_set.c: set_target_v3(). */
#include <string.h>

#include "rules/options.h"
#include "rules/set_reference.h"

enum { ADD_SET, DEL_SET, MAP_SET, EXIST, TIMEOUT, MAP_MARK, MAP_PRIO, MAP_QUEUE };

/* Linux 6.18, IPSET_MAX_TIMEOUT: what fits in the kernel's 32 bits of milliseconds. */
enum { TIMEOUT_MOST = 4294967 };

struct set_config {
	struct option_marks marks;
	struct set_reference add, del, map;
	uint32_t timeout;
};

static bool parse_add(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return set_reference_parse(&((struct set_config *)config)->add, values, diagnostics);
}

static bool parse_del(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return set_reference_parse(&((struct set_config *)config)->del, values, diagnostics);
}

static bool parse_map(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return set_reference_parse(&((struct set_config *)config)->map, values, diagnostics);
}

#define REFERENCE "name src|dst[,...]"

static const struct option_spec options[] = {
	{ .name = "add-set", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE, .mark = ADD_SET, .value_name = REFERENCE,
	  .parse = parse_add, .summary = "adds the packet to the set" },
	{ .name = "del-set", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE, .mark = DEL_SET, .value_name = REFERENCE,
	  .parse = parse_del, .summary = "removes it" },
	{ .name = "map-set", .kind = OPTION_CUSTOM, .n_values = 2, .flags = OPTION_INVERTIBLE, .mark = MAP_SET, .value_name = REFERENCE,
	  .parse = parse_map, .summary = "takes over what the set keeps for it; table mangle alone" },
	{ .name = "exist", .kind = OPTION_FLAG, .flags = OPTION_REPEATABLE, .mark = EXIST,
	  .summary = "with --add-set: begins the element's time anew" },
	{ .name = "timeout", .kind = OPTION_NUMBER, .flags = OPTION_REPEATABLE, .mark = TIMEOUT,
	  .offset = offsetof(struct set_config, timeout), .min = 0, .max = UINT32_MAX - 1, .value_name = "seconds",
	  .summary = "with --add-set: instead of the set's timeout" },
	{ .name = "map-mark", .kind = OPTION_FLAG, .flags = OPTION_REPEATABLE, .mark = MAP_MARK, .summary = "the packet's mark" },
	{ .name = "map-prio", .kind = OPTION_FLAG, .flags = OPTION_REPEATABLE, .mark = MAP_PRIO, .summary = "its priority, for queueing" },
	{ .name = "map-queue", .kind = OPTION_FLAG, .flags = OPTION_REPEATABLE, .mark = MAP_QUEUE, .summary = "its hardware queue" },
};

static void init(void *config)
{
	((struct set_config *)config)->timeout = IPSET_DEFAULT_TIMEOUT;
}

static bool complain(const struct extension_place *place, struct diagnostics *diagnostics, const char *hint, const char *what)
{
	diag_error(diagnostics, place->where, hint, "%s", what);
	return false;
}

static bool check_options(const struct set_config *set, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const uint32_t seen = set->marks.seen, map_flags = 1u << MAP_MARK | 1u << MAP_PRIO | 1u << MAP_QUEUE;
	const uint32_t leaving = 1u << HOOK_FORWARD | 1u << HOOK_OUTPUT | 1u << HOOK_POSTROUTING;

	if (!(seen & (1u << ADD_SET | 1u << DEL_SET | 1u << MAP_SET)))
		return complain(place, diagnostics, NULL, "SET needs --add-set, --del-set or --map-set");
	if ((seen & (1u << EXIST | 1u << TIMEOUT)) && !(seen & 1u << ADD_SET))
		return complain(place, diagnostics, NULL, "--exist and --timeout belong to --add-set");
	if ((seen & map_flags) && !(seen & 1u << MAP_SET))
		return complain(place, diagnostics, NULL, "--map-mark, --map-prio and --map-queue belong to --map-set");
	if (!(seen & 1u << MAP_SET))
		return true;
	if (!(seen & map_flags))
		return complain(place, diagnostics, NULL, "--map-set needs --map-mark, --map-prio or --map-queue");
	if (strcmp(place->table, "mangle") != 0)
		return complain(place, diagnostics, "allowed in table mangle", "--map-set cannot be used in this table");
	if ((seen & (1u << MAP_PRIO | 1u << MAP_QUEUE)) && (place->hooks & ~leaving))
		return complain(place, diagnostics, "allowed in FORWARD, OUTPUT, POSTROUTING",
				"--map-prio and --map-queue cannot be used in this chain");
	return true;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct set_config *set = config;

	return check_options(set, place, diagnostics) && set_reference_resolve(&set->add, place, diagnostics) &&
	       set_reference_resolve(&set->del, place, diagnostics) && set_reference_resolve(&set->map, place, diagnostics);
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct set_config *set = config;
	uint32_t timeout = set->timeout;
	struct ipset_info info = { .mark = 0 };

	(void)state;
	if (timeout != IPSET_DEFAULT_TIMEOUT && timeout > TIMEOUT_MOST)
		timeout = TIMEOUT_MOST;
	if (options_is_seen(&set->marks, ADD_SET))
		ipsets_add(subject->sets, &set->add.query, subject, timeout, options_is_seen(&set->marks, EXIST));
	if (options_is_seen(&set->marks, DEL_SET))
		ipsets_remove(subject->sets, &set->del.query, subject);
	if (options_is_seen(&set->marks, MAP_MARK) && ipsets_test(subject->sets, &set->map.query, subject, &info))
		subject->mark = (subject->mark & ~info.mark_mask) ^ info.mark;
	return TARGET_CONTINUE;
}

static void print_reference(const char *dashes, const char *option, const struct set_reference *reference, struct text *out)
{
	if (!reference->name[0])
		return;
	text_printf(out, " %s%s", dashes, option);
	set_reference_print(reference, out);
}

/* iptables-save's form, or with `dashes` empty that of `iptables -L`. */
static void print_all(const struct set_config *set, const char *dashes, struct text *out)
{
	static const struct {
		unsigned mark;
		const char *name;
	} flags[] = { { MAP_MARK, "map-mark" }, { MAP_PRIO, "map-prio" }, { MAP_QUEUE, "map-queue" } };

	print_reference(dashes, "add-set", &set->add, out);
	if (options_is_seen(&set->marks, EXIST))
		text_printf(out, " %sexist", dashes);
	if (options_is_seen(&set->marks, TIMEOUT))
		text_printf(out, " %stimeout %u", dashes, set->timeout);
	print_reference(dashes, "del-set", &set->del, out);
	print_reference(dashes, "map-set", &set->map, out);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (options_is_seen(&set->marks, flags[i].mark))
			text_printf(out, " %s%s", dashes, flags[i].name);
	}
}

static void print(const void *config, struct text *out)
{
	print_all(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	print_all(config, "", out);
}

static const char *unsimulated(const void *config)
{
	const struct set_config *set = config;
	const char *reason = set_reference_unsimulated(&set->add);

	if (!reason)
		reason = set_reference_unsimulated(&set->del);
	return reason ? reason : set_reference_unsimulated(&set->map);
}

const struct target_type target_set = {
	.name = "SET",
	.summary = "adds the packet to an ipset, or removes it",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct set_config),
	.init = init,
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
	.unsimulated = unsimulated,
};
