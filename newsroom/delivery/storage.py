"""How static files are stored for serving: under names that hold their content's hash, compressed beforehand."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import` in native modules, so that a changed module is a new address everywhere."""

    support_js_module_import_aggregation = True
