/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m cgroup: the control group of the local socket. Linux 6.18, xt_cgroup.c: cgroup_mt_v2(). Annotations (rules/annotation.h) tell it. */
#include <string.h>

#include "rules/match_parts.h"

enum { PATH, CLASSID };

enum { PATH_LONGEST = 511 };

struct cgroup_config {
	struct option_marks marks;
	uint32_t classid;
	char path[PATH_LONGEST + 1];
};

static const struct option_spec options[] = {
	{ .name = "path", .kind = OPTION_STRING, .flags = OPTION_INVERTIBLE, .mark = PATH,
	  .offset = offsetof(struct cgroup_config, path), .max = PATH_LONGEST, .value_name = "path",
	  .summary = "this control group or one below; from the root of cgroup2" },
	{ .name = "cgroup", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = CLASSID,
	  .offset = offsetof(struct cgroup_config, classid), .max = UINT32_MAX, .value_name = "classid",
	  .summary = "class of net_cls" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct option_marks *marks = config;

	if (options_is_seen(marks, PATH) && options_is_seen(marks, CLASSID)) {
		diag_error(diagnostics, place->where, "take one of them", "--path cannot stand together with --cgroup");
		return false;
	}
	return match_parts_need_option(config, 1 << PATH | 1 << CLASSID, "cgroup needs --path or --cgroup", place, diagnostics);
}

static const char *skip_slashes(const char *path)
{
	return path + strspn(path, "/");
}

/* Is it the group, or one below? */
static bool is_below(const char *path, const char *group)
{
	size_t len;

	path = skip_slashes(path);
	group = skip_slashes(group);
	len = strlen(group);
	while (len && group[len - 1] == '/')
		len--;
	return strncmp(path, group, len) == 0 && (!len || !path[len] || path[len] == '/');
}

static bool is_without_socket(const struct subject *subject)
{
	return subject->hook != HOOK_INPUT && !subject->is_from_process;
}

/* A packet without a socket does not match, inverted or not. */
static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct cgroup_config *cgroup = config;
	unsigned mark = options_is_seen(&cgroup->marks, PATH) ? PATH : CLASSID;
	struct annotation_value value;

	(void)state;
	if (is_without_socket(subject))
		return MATCH_NO;
	if (!annotation_find(subject->annotations, subject->packet, mark == PATH ? ANNOTATION_CGROUP : ANNOTATION_CLASSID, &value))
		return MATCH_UNKNOWN;
	return match_parts_holds(&cgroup->marks, mark, mark == PATH ? is_below(value.text, cgroup->path) :
								      value.number == cgroup->classid) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct cgroup_config *cgroup = config;

	text_append(out, " cgroup ");
	if (options_is_seen(&cgroup->marks, PATH))
		text_printf(out, "%s%s", options_is_inverted(&cgroup->marks, PATH) ? "! " : "", cgroup->path);
	else
		text_printf(out, "%s%u", options_is_inverted(&cgroup->marks, CLASSID) ? "! " : "", cgroup->classid);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;
	unsigned mark = options_is_seen(config, PATH) ? PATH : CLASSID;

	if (is_without_socket(subject)) {
		text_append(out, "cgroup: no socket sent the packet");
	} else if (!annotation_find(subject->annotations, subject->packet, mark == PATH ? ANNOTATION_CGROUP : ANNOTATION_CLASSID, &value)) {
		text_append(out, "cgroup: the capture does not say which control group the packet's socket is in");
	} else {
		match_parts_explain_option(&options[mark], config, out);
		if (mark == PATH)
			text_append(out, value.text);
		else
			text_append_u64(out, value.number);
	}
}

const struct match_type match_cgroup = {
	.name = "cgroup",
	.summary = "control group of the local socket",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotations cgroup, classid",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct cgroup_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
