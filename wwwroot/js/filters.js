// form[data-enhance=filters]: sends itself without empty fields in the address. Choosing with the arrow keys sends nothing: the button does.
export default function filters(form) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
