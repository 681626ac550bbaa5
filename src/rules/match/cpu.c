/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m cpu: the processor that handles the packet. Linux 6.18, xt_cpu.c: cpu_mt(). An annotation (rules/annotation.h) tells it. */
#include "rules/match_parts.h"

enum { CPU };

struct cpu_config {
	struct option_marks marks;
	uint32_t cpu;
};

static const struct option_spec options[] = {
	{ .name = "cpu", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = CPU,
	  .offset = offsetof(struct cpu_config, cpu), .max = UINT32_MAX, .value_name = "number", .summary = "from 0 on" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct cpu_config *cpu = config;
	struct annotation_value value;

	(void)state;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_CPU, &value))
		return MATCH_UNKNOWN;
	return match_parts_holds(&cpu->marks, CPU, value.number == cpu->cpu) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct cpu_config *cpu = config;

	text_printf(out, " cpu %s%u", options_is_inverted(&cpu->marks, CPU) ? "! " : "", cpu->cpu);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;

	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_CPU, &value)) {
		text_append(out, "cpu: the capture does not say which processor handled the packet");
		return;
	}
	match_parts_explain_option(&options[0], config, out);
	text_append_u64(out, value.number);
}

const struct match_type match_cpu = {
	.name = "cpu",
	.summary = "processor that handles the packet",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation cpu",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct cpu_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
