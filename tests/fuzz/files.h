/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For targets whose function reads a file: the input under a name of its own, one for all inputs of a search. */
#ifndef TESTS_FUZZ_FILES_H
#define TESTS_FUZZ_FILES_H

#include <unistd.h>

#include "fuzz.h"

static char files_path[40];

static void files_remove(void)
{
	unlink(files_path);
}

/* In memory where there is such a folder: a file system on a disk writes each input out. */
static inline int files_make(void)
{
	static const char *const folders[] = { "/dev/shm", "/tmp" };
	int descriptor = -1;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && descriptor < 0; i++) {
		snprintf(files_path, sizeof(files_path), "%s/ctreplay-fuzz-XXXXXX", folders[i]);
		descriptor = mkstemp(files_path);
	}
	return descriptor;
}

static inline const char *files_write(const uint8_t *data, size_t len)
{
	static int descriptor = -1;
	FILE *file;

	if (descriptor < 0) {
		descriptor = files_make();
		MUST(descriptor >= 0 && atexit(files_remove) == 0);
	}
	file = fopen(files_path, "wb");
	MUST(file && fwrite(data, 1, len, file) == len);
	fclose(file);
	return files_path;
}

#endif
