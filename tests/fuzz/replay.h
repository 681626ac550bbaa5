/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main() of a fuzz target that replays known inputs. Included last, once, by each target. */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#ifndef FUZZ_LIBFUZZER

#include <dirent.h>
#include <sys/stat.h>

enum { REPLAY_MOST_BYTES = 1 << 20, REPLAY_MOST_DEPTH = 4 };

/* The input that is being replayed, for whoever finds the program aborted. */
static void say_input(const char *path)
{
	printf("# %s\n", path);
	fflush(stdout);
}

static size_t replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(REPLAY_MOST_BYTES), *exact;
	size_t len;

	if (!file || !bytes) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(EXIT_FAILURE);
	}
	len = fread(bytes, 1, REPLAY_MOST_BYTES, file);
	fclose(file);
	exact = malloc(len ? len : 1);	/* of its own length, so that a sanitizer sees a read behind the end */
	if (!exact)
		exit(EXIT_FAILURE);
	memcpy(exact, bytes, len);
	free(bytes);
	say_input(path);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 1;
}

/* How many files were replayed. */
static size_t replay(const char *path, int depth)
{
	struct stat status;
	struct dirent **entries;
	size_t n = 0;
	int n_entries;

	if (stat(path, &status) != 0 || depth > REPLAY_MOST_DEPTH)
		return 0;
	if (!S_ISDIR(status.st_mode))
		return replay_file(path);
	n_entries = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < n_entries; i++) {
		char inner[4096];

		if (entries[i]->d_name[0] != '.' &&
		    snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name) < (int)sizeof(inner))
			n += replay(inner, depth + 1);
		free(entries[i]);
	}
	if (n_entries >= 0)
		free(entries);
	return n;
}

static size_t replay_known(void)
{
	const char *top = getenv("srcdir");
	size_t n = 0;

	for (size_t i = 0; fuzz_known[i]; i++) {
		char path[4096];

		if (snprintf(path, sizeof(path), "%s/%s", top ? top : ".", fuzz_known[i]) < (int)sizeof(path))
			n += replay(path, 0);
	}
	return n;
}

int main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++)
		n += replay(argv[i], 0);
	if (argc < 2)
		n = replay_known();
	printf("%s 1 - %zu inputs replayed\n1..1\n", n ? "ok" : "not ok", n);
	return n ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
#endif
