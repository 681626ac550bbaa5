/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput(), which eats any bytes and aborts when
 * something that always holds does not. Two ways to build it:
 *
 *   clang -DFUZZ_LIBFUZZER -fsanitize=fuzzer,address,undefined ...    searches for new inputs (tests/fuzz/search)
 *   gcc or clang, as `make check` does                                replays the inputs that are known
 *
 * In the second form main() of replay.h replays the files and folders that it is given; without any, the target's own
 * `fuzz_known`, from the top of the source tree, and prints TAP. --changed N in front: each is also replayed changed, in
 * N ways or more over all of them; FUZZ_INPUT=FILE keeps the changed input at hand.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Folders whose files are good inputs; NULL at the end. */
extern const char *const fuzz_known[];

/* Like assert(), with any NDEBUG. */
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

#endif
