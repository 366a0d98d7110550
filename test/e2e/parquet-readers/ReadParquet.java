import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * Reads a Parquet file with parquet-java and prints {@code {"schema": "...", "rows": [...]}}, as read_parquet.py does.
 *
 * <p>A row is an object without the attributes that are null, and so is a struct; in lists and maps a null stays.
 *
 * <p>Usage: {@code java -cp <jars of pom.xml> ReadParquet.java FILE}
 */
final class ReadParquet {
  public static void main(String[] arguments) throws Exception {
    InputFile file = new LocalInputFile(Path.of(arguments[0]));
    try (JsonGenerator json = new ObjectMapper().createGenerator(System.out)) {
      json.writeStartObject();
      try (ParquetFileReader footer = ParquetFileReader.open(file)) {
        json.writeStringField("schema", footer.getFileMetaData().getSchema().toString());
      }
      json.writeArrayFieldStart("rows");
      try (ParquetReader<Group> rows = new GroupReader(file).build()) {
        for (Group row = rows.read(); row != null; row = rows.read()) {
          json.writePOJO(struct(row));
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static Map<String, Object> struct(Group group) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (Type field : group.getType().getFields()) {
      Object value = valueOrNull(group, field);
      if (value != null) {
        attributes.put(field.getName(), value);
      }
    }
    return attributes;
  }

  private static List<Object> list(Group group) {
    List<Object> elements = new ArrayList<>();
    for (int index = 0; index < group.getFieldRepetitionCount("list"); index++) {
      Group place = group.getGroup("list", index);
      elements.add(valueOrNull(place, place.getType().getType("element")));
    }
    return elements;
  }

  private static Map<String, Object> map(Group group) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (int index = 0; index < group.getFieldRepetitionCount("key_value"); index++) {
      Group entry = group.getGroup("key_value", index);
      entries.put(entry.getString("key", 0), valueOrNull(entry, entry.getType().getType("value")));
    }
    return entries;
  }

  private static Object valueOrNull(Group parent, Type field) {
    String name = field.getName();
    if (parent.getFieldRepetitionCount(name) == 0) {
      return null;
    }
    if (field.isPrimitive()) {
      return leaf(parent, field);
    }
    Group group = parent.getGroup(name, 0);
    if (field.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) {
      return list(group);
    }
    if (field.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation) {
      return map(group);
    }
    return struct(group);
  }

  private static Object leaf(Group parent, Type field) {
    String name = field.getName();
    switch (field.asPrimitiveType().getPrimitiveTypeName()) {
      case BINARY:
        return parent.getString(name, 0);
      case INT32:
        return parent.getInteger(name, 0);
      case INT64:
        return parent.getLong(name, 0);
      case BOOLEAN:
        return parent.getBoolean(name, 0);
      default:
        throw new IllegalArgumentException("No column is declared as " + field);
    }
  }

  /** Reads a local file; the library's own builder of this reader takes paths of Hadoop's file systems only. */
  private static final class GroupReader extends ParquetReader.Builder<Group> {
    GroupReader(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
