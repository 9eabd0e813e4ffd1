"""Background tasks: Django's own module from version 6 on, and on 5.2 the package that it was made from."""

from typing import TYPE_CHECKING

import django

if TYPE_CHECKING or django.VERSION < (6, 0):
    from django_tasks import task, task_backends
else:
    from django.tasks import task, task_backends

__all__ = ["task", "task_backends"]
