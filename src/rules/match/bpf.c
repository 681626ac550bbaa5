/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m bpf: a classic BPF program over the packet, from its IP header on. Linux 6.18, xt_bpf.c: bpf_mt_v1(). libpcap runs
 * it; what reads the kernel's own fields (offsets from 0xfffff000 on) or an object in bpffs is not simulated.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rules/bpf_check.h"
#include "rules/match_parts.h"

enum { BYTECODE, PINNED };

enum { PATH_LONGEST = 511 };

#define ANCILLARY UINT32_C(0xfff00000)		/* SKF_AD_OFF, SKF_NET_OFF, SKF_LL_OFF */

struct bpf_config {
	struct option_marks marks;
	uint16_t n_instructions;
	struct bpf_insn program[BPF_CHECK_LONGEST];
	char path[PATH_LONGEST + 1];
};

static bool complain(const struct argument *value, const char *problem, struct diagnostics *diagnostics)
{
	diag_error(diagnostics, value->where, "`nfbpf_compile RAW 'tcpdump filter'` writes one", "--bytecode: %s", problem);
	return false;
}

/* "LENGTH,CODE JT JF K,...": as sscanf(3) reads it in iptables 1.8.9. */
static bool parse_bytecode(void *config, const struct argument *values, const struct extension_place *place,
			   struct diagnostics *diagnostics)
{
	struct bpf_config *bpf = config;
	const char *at = values->text;
	uint16_t len, n = 0;
	char comma;

	(void)place;
	if (sscanf(at, "%" SCNu16 "%c", &len, &comma) != 2 || comma != ',')
		return complain(values, "it does not begin with its number of instructions", diagnostics);
	if (!len || len > BPF_CHECK_LONGEST)
		return complain(values, "one to 64 instructions", diagnostics);
	while ((at = strchr(at, ',')) && *++at) {
		struct bpf_insn *instruction = &bpf->program[n];

		if (n >= len)
			return complain(values, "there are more instructions than it says", diagnostics);
		if (sscanf(at, "%" SCNu16 " %" SCNu8 " %" SCNu8 " %" SCNu32, &instruction->code, &instruction->jt,
			   &instruction->jf, &instruction->k) != 4)
			return complain(values, "an instruction is CODE JT JF K", diagnostics);
		n++;
	}
	if (n != len)
		return complain(values, "there are fewer instructions than it says", diagnostics);
	bpf->n_instructions = len;
	return true;
}

static void print_program(const struct bpf_config *bpf, struct text *out)
{
	for (unsigned i = 0; i < bpf->n_instructions; i++) {
		const struct bpf_insn *instruction = &bpf->program[i];

		text_printf(out, "%s%u %u %u %u", i ? "," : "", instruction->code, instruction->jt, instruction->jf,
			    instruction->k);
	}
}

static void print_bytecode(const void *config, struct text *out)
{
	const struct bpf_config *bpf = config;

	text_printf(out, "--bytecode \"%u,", bpf->n_instructions);
	print_program(bpf, out);
	text_append_char(out, '"');
}

static void print_path(const void *config, struct text *out)
{
	text_printf(out, "--object-pinned %s", ((const struct bpf_config *)config)->path);
}

static const struct option_spec options[] = {
	{ .name = "bytecode", .kind = OPTION_CUSTOM, .n_values = 1, .mark = BYTECODE, .excludes = 1 << PINNED,
	  .excluded_names = "--object-pinned", .value_name = "program", .parse = parse_bytecode, .print = print_bytecode,
	  .summary = "as nfbpf_compile writes it; matches when it returns another number than 0" },
	{ .name = "object-pinned", .kind = OPTION_STRING, .min = 1, .mark = PINNED, .offset = offsetof(struct bpf_config, path),
	  .max = PATH_LONGEST, .excludes = 1 << BYTECODE, .excluded_names = "--bytecode", .value_name = "path", .print = print_path,
	  .summary = "an object in bpffs (not simulated)" },
};

static bool is_load_of(const struct bpf_insn *instruction, unsigned mode)
{
	unsigned class = BPF_CLASS(instruction->code);

	return (class == BPF_LD || class == BPF_LDX) && BPF_MODE(instruction->code) == mode;
}

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	const struct bpf_config *bpf = config;

	if (!match_parts_need_option(config, 1 << BYTECODE | 1 << PINNED, "bpf needs --bytecode or --object-pinned", place,
				     diagnostics))
		return false;
	if (!options_is_seen(&bpf->marks, BYTECODE) || bpf_check_is_taken(bpf->program, bpf->n_instructions))
		return true;
	diag_error(diagnostics, place->where, NULL, "the kernel refuses this BPF program");
	return false;
}

static const char *unsimulated(const void *config)
{
	const struct bpf_config *bpf = config;

	if (options_is_seen(&bpf->marks, PINNED))
		return "-m bpf --object-pinned";
	for (unsigned i = 0; i < bpf->n_instructions; i++) {
		if (is_load_of(&bpf->program[i], BPF_ABS) && bpf->program[i].k >= ANCILLARY)
			return "-m bpf with the kernel's own fields";
	}
	return NULL;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct bpf_config *bpf = config;
	const struct packet *packet = subject->packet;

	(void)state;
	if (bpf_filter(bpf->program, packet->bytes, packet->total_len, packet->len))
		return MATCH_YES;
	/* A read behind the end is a 0; of a packet that was cut nobody can tell. */
	return packet_is_cut(packet) ? MATCH_UNKNOWN : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct bpf_config *bpf = config;

	text_append(out, "match bpf ");
	if (options_is_seen(&bpf->marks, PINNED))
		text_printf(out, "pinned %s", bpf->path);
	else
		print_program(bpf, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	(void)config;
	text_append(out, packet_is_cut(subject->packet) ? "bpf: the program returned 0, of a packet that was cut" :
							  "bpf: the program returned 0");
}

const struct match_type match_bpf = {
	.name = "bpf",
	.summary = "a Berkeley packet filter program",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct bpf_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
	.unsimulated = unsimulated,
};
