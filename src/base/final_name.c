/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/final_name.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

char *final_name(const char *path)
{
	struct stat status;
	char *real = realpath(path, NULL);

	if (real)
		return real;
	return lstat(path, &status) == 0 ? NULL : alloc_copy(path, strlen(path));
}
