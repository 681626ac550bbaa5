/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/bpf_check.h"

#include <stdint.h>
#include <string.h>

/* libpcap's words, where the kernel's instruction is the same but for its size. */
static const uint16_t known_codes[] = {
	BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_H | BPF_ABS, BPF_LD | BPF_B | BPF_ABS, BPF_LD | BPF_W | BPF_IND,
	BPF_LD | BPF_H | BPF_IND, BPF_LD | BPF_B | BPF_IND, BPF_LD | BPF_W | BPF_LEN, BPF_LD | BPF_IMM, BPF_LD | BPF_MEM,
	BPF_LDX | BPF_W | BPF_LEN, BPF_LDX | BPF_B | BPF_MSH, BPF_LDX | BPF_IMM, BPF_LDX | BPF_MEM, BPF_ST, BPF_STX,
	BPF_ALU | BPF_ADD | BPF_K, BPF_ALU | BPF_ADD | BPF_X, BPF_ALU | BPF_SUB | BPF_K, BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_K, BPF_ALU | BPF_MUL | BPF_X, BPF_ALU | BPF_DIV | BPF_K, BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_MOD | BPF_K, BPF_ALU | BPF_MOD | BPF_X, BPF_ALU | BPF_AND | BPF_K, BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_OR | BPF_K, BPF_ALU | BPF_OR | BPF_X, BPF_ALU | BPF_XOR | BPF_K, BPF_ALU | BPF_XOR | BPF_X,
	BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_LSH | BPF_X, BPF_ALU | BPF_RSH | BPF_K, BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_NEG, BPF_JMP | BPF_JA, BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JEQ | BPF_X, BPF_JMP | BPF_JGT | BPF_K,
	BPF_JMP | BPF_JGT | BPF_X, BPF_JMP | BPF_JGE | BPF_K, BPF_JMP | BPF_JGE | BPF_X, BPF_JMP | BPF_JSET | BPF_K,
	BPF_JMP | BPF_JSET | BPF_X, BPF_RET | BPF_K, BPF_RET | BPF_A, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA,
};

static bool is_known(uint16_t code)
{
	for (size_t i = 0; i < sizeof(known_codes) / sizeof(known_codes[0]); i++) {
		if (known_codes[i] == code)
			return true;
	}
	return false;
}

static bool is_memory(uint16_t code)
{
	return code == (BPF_LD | BPF_MEM) || code == (BPF_LDX | BPF_MEM) || code == BPF_ST || code == BPF_STX;
}

/* One instruction, of which `left` follow. */
static bool is_fit(const struct bpf_insn *instruction, unsigned left)
{
	uint16_t code = instruction->code;

	if (!is_known(code))
		return false;
	if (code == (BPF_ALU | BPF_DIV | BPF_K) || code == (BPF_ALU | BPF_MOD | BPF_K))
		return instruction->k != 0;
	if (code == (BPF_ALU | BPF_LSH | BPF_K) || code == (BPF_ALU | BPF_RSH | BPF_K))
		return instruction->k < 32;
	if (is_memory(code))
		return instruction->k < BPF_MEMWORDS;
	if (code == (BPF_JMP | BPF_JA))
		return instruction->k < left;
	if (BPF_CLASS(code) == BPF_JMP)
		return instruction->jt < left && instruction->jf < left;
	return true;
}

/* Is every word of memory written, on each way to where it is read? */
static bool is_memory_written(const struct bpf_insn *program, unsigned n)
{
	uint16_t written_at[BPF_CHECK_LONGEST], written = 0;

	memset(written_at, 0xff, sizeof(written_at));
	for (unsigned i = 0; i < n; i++) {
		const struct bpf_insn *instruction = &program[i];
		uint16_t code = instruction->code;

		written &= written_at[i];
		if (code == BPF_ST || code == BPF_STX)
			written |= (uint16_t)(1 << instruction->k);
		else if (is_memory(code) && !(written >> instruction->k & 1))
			return false;
		if (BPF_CLASS(code) != BPF_JMP)
			continue;
		written_at[i + 1 + (code == (BPF_JMP | BPF_JA) ? instruction->k : instruction->jt)] &= written;
		if (code != (BPF_JMP | BPF_JA))
			written_at[i + 1 + instruction->jf] &= written;
		written = UINT16_MAX;
	}
	return true;
}

bool bpf_check_is_taken(const struct bpf_insn *program, unsigned n)
{
	uint16_t last = program[n - 1].code;

	for (unsigned i = 0; i < n; i++) {
		if (!is_fit(&program[i], n - 1 - i))
			return false;
	}
	return (last == (BPF_RET | BPF_K) || last == (BPF_RET | BPF_A)) && is_memory_written(program, n);
}
