"""Tables as Parquet, for those who read them with pandas, Polars, DuckDB or Arrow."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd


def write_parquet(parts: Iterable[pd.DataFrame], path: Path) -> int:
    """Write a table part by part, each a row group, whole or not at all; return its rows.

    Equal tables give equal bytes with one version of pyarrow.

    Raises
    ------
    ImportError
        If pyarrow, of the extra ``parquet``, is not installed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, schema = 0, None
    with tempfile.TemporaryDirectory(prefix=".table-", dir=path.parent) as hidden:
        draft = Path(hidden) / path.name
        writer: Any = None
        try:
            for part in parts:
                table = pa.Table.from_pandas(_typed(part), schema=schema, preserve_index=False)
                if writer is None:
                    schema = table.schema
                    writer = pq.ParquetWriter(draft, schema, compression="zstd")
                writer.write_table(table)
                rows += len(part)
        finally:
            if writer is not None:
                writer.close()
        draft.replace(path)
    return rows


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """The same with texts that stay texts where a part has none, so that parts fit together."""
    texts = [name for name in table.columns if table[name].dtype.kind not in "iufb"]
    return table.astype(dict.fromkeys(texts, "string"))
