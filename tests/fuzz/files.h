/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For targets whose function reads a file: the input under a name of its own, one for all inputs of a search. */
#ifndef TESTS_FUZZ_FILES_H
#define TESTS_FUZZ_FILES_H

#include <unistd.h>

#include "fuzz.h"

static char files_path[] = "/tmp/ctreplay-fuzz-XXXXXX";

static void files_remove(void)
{
	unlink(files_path);
}

static inline const char *files_write(const uint8_t *data, size_t len)
{
	static int descriptor = -1;
	FILE *file;

	if (descriptor < 0) {
		descriptor = mkstemp(files_path);
		MUST(descriptor >= 0 && atexit(files_remove) == 0);
	}
	file = fopen(files_path, "wb");
	MUST(file && fwrite(data, 1, len, file) == len);
	fclose(file);
	return files_path;
}

#endif
