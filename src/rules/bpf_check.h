/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which classic BPF programs the kernel takes. Linux 6.18, net/core/filter.c: bpf_check_classic(), check_load_and_stores(). */
#ifndef RULES_BPF_CHECK_H
#define RULES_BPF_CHECK_H

#include <pcap/pcap.h>
#include <stdbool.h>

enum { BPF_CHECK_LONGEST = 64 };

/* `n` is 1 to BPF_CHECK_LONGEST. */
bool bpf_check_is_taken(const struct bpf_insn *program, unsigned n);

#endif
